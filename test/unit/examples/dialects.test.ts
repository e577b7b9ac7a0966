import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import cookies from '../../../examples/dialects/cookies.target.ts'
import renamed from '../../../examples/dialects/renamed.target.ts'
import statusInBody from '../../../examples/dialects/status-in-body.target.ts'
import rest from '../../../onetap.target.ts'
import type { Json } from '../../../src/contract/json.ts'
import type { TargetProfile } from '../../../src/contract/target.ts'
import { type Bench, credentialOf, freshNumber, granted, openBench } from './bench.ts'

const SECRET = 'the backend and its carriers share this'
const DIALECTS: [string, TargetProfile][] = [
  ['status-in-body', statusInBody],
  ['cookies', cookies],
  ['renamed', renamed],
  ['two-instances', rest],
]

describe.each(DIALECTS)('the backend that speaks %s, through its target module', (dialect, target) => {
  let bench: Bench
  beforeAll(async () => {
    bench = await openBench(
      target,
      'reference-backend/main.ts',
      { REBIND_SECRET: SECRET, DIALECT: dialect },
      { rebindSecret: SECRET },
    )
  })
  afterAll(() => bench?.close())

  it('logs in, refreshes, shows whose credential it is, and logs out', async () => {
    const number = freshNumber()
    const login = await bench.login(number)
    const { account, refreshCredential, created } = granted(login.reading)
    expect({ account, created }).toEqual({ account: expect.stringMatching(/^[0-9a-f-]{36}$/), created: true })
    const refreshed = await bench.send('refresh', { refreshCredential: refreshCredential ?? '' })
    const credential = credentialOf(refreshed)
    expect((await bench.send('me', { credential })).reading).toEqual({ kind: 'granted', account })
    const renamedNow = await bench.send('profileChange', { credential, fields: { nickname: '新名字 & more' } })
    expect(renamedNow.reading).toEqual({ kind: 'granted', account })
    expect((await bench.send('logoutAll', { credential })).reading).toEqual({ kind: 'granted' })
    expect((await bench.send('me', { credential })).reading).toEqual({ kind: 'refused', code: 'CREDENTIAL_INVALID' })
    expect(granted((await bench.login(number)).reading)).toMatchObject({ account, created: false })
  })

  it('refuses a used nonce, and a refresh credential used twice, in words the module understands', async () => {
    const honest = await bench.honest(freshNumber())
    const { refreshCredential = '' } = granted((await bench.send('oneTap', honest)).reading)
    const token = bench.carriers.token('china-mobile', freshNumber())
    expect((await bench.send('oneTap', { ...honest, token })).reading).toEqual({ kind: 'refused', code: 'NONCE_UNKNOWN' })
    await bench.send('refresh', { refreshCredential })
    const again = await bench.send('refresh', { refreshCredential })
    expect(again.reading).toEqual({ kind: 'refused', code: 'REFRESH_INVALID' })
  })

  it.each<[Json | undefined]>([[undefined], [null], [''], [7], [['a']], [{}], ['A'.repeat(22)]])(
    'reads the answer to nonce %j as refused',
    async nonce => {
      const { reading } = await bench.send('oneTap', { ...(await bench.honest(freshNumber())), nonce })
      expect(reading).toEqual({ kind: 'refused', code: expect.stringMatching(/^[A-Z_]+$/) })
    },
  )

  it('reads a failing carrier as failed, not as refused', async () => {
    bench.carriers.trouble = { kind: 'status', status: 503 }
    const { reading } = await bench.login(freshNumber())
    bench.carriers.trouble = undefined
    expect(reading.kind).toBe('failed')
  })

  it('acts on a carrier’s notice, whose form is the carrier’s', async () => {
    const number = freshNumber()
    const credential = credentialOf(await bench.login(number))
    // A notice cuts what was bound before it, in whole milliseconds.
    await sleep(5)
    expect((await bench.send('rebind', { notice: bench.notice('reissued', number) })).reading).toEqual({ kind: 'granted' })
    expect((await bench.send('me', { credential })).reading.kind).toBe('refused')
  })
})
