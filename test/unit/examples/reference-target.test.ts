import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import target from '../../../onetap.target.ts'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import type { Json } from '../../../src/contract/json.ts'
import { type Bench, credentialOf, freshNumber, granted, openBench } from './bench.ts'
import { driverOf } from './served.ts'

const SECRET = 'the backend and its carriers share this'
let bench: Bench

beforeAll(async () => {
  bench = await openBench(target, 'reference-backend/main.ts', { REBIND_SECRET: SECRET }, { rebindSecret: SECRET })
})
afterAll(() => bench.close())

describe('the target module of the reference backend', () => {
  it.each(CARRIER_IDS)('logs in with %s, shows whose credential it got, and logs out', async carrier => {
    const login = await bench.login(freshNumber(), carrier)
    const credential = credentialOf(login)
    const me = await bench.send('me', { credential })
    expect(me.reading).toEqual({ kind: 'granted', account: granted(login.reading).account })
    expect((await bench.send('logout', { credential })).reading).toEqual({ kind: 'granted' })
    expect((await bench.send('me', { credential })).reading.kind).toBe('refused')
  })

  it.each<[Json | undefined]>([[undefined], [null], [''], [7], [['a']], [{}], ['A'.repeat(22)]])(
    'reads the answer to nonce %j as refused, with the backend’s code',
    async nonce => {
      const { reading } = await bench.send('oneTap', { ...(await bench.honest(freshNumber())), nonce })
      expect(reading).toEqual({ kind: 'refused', code: expect.stringMatching(/^[A-Z_]+$/) })
    },
  )

  it.each<[Json | undefined]>([[undefined], [null], [7], [['a']], [{}], ['x'], [`STsid0000001551151128045${'b'.repeat(32)}`]])(
    'reads the answer to carrier token %j as refused',
    async token => {
      const { reading } = await bench.send('oneTap', { ...(await bench.honest(freshNumber())), token })
      expect(reading.kind).toBe('refused')
    },
  )

  it('reads a failing carrier as failed, not as refused', async () => {
    bench.carriers.trouble = { kind: 'status', status: 503 }
    const { reading } = await bench.login(freshNumber())
    bench.carriers.trouble = undefined
    expect(reading).toEqual({ kind: 'failed', reason: expect.stringMatching(/^HTTP 50[23] CARRIER_UNAVAILABLE$/) })
  })

  it('signs notices so that the backend acts on them', async () => {
    const number = freshNumber()
    const credential = credentialOf(await bench.login(number))
    await sleep(5)
    const replaced = await bench.send('rebind', { notice: bench.notice('sim-replaced', number) })
    expect(replaced.reading).toEqual({ kind: 'granted' })
    expect((await bench.send('me', { credential })).reading.kind).toBe('granted')
    const notice = bench.notice('reissued', number, { sequence: 2 })
    expect((await bench.send('rebind', { notice })).reading).toEqual({ kind: 'granted' })
    expect((await bench.send('me', { credential })).reading.kind).toBe('refused')
  })

  it('reads a notice signed with another secret as refused', async () => {
    const stranger = driverOf(target, bench.served.url, { rebindSecret: 'guessed' })
    expect((await stranger('rebind', { notice: bench.notice('reissued', freshNumber()) })).reading.kind).toBe('refused')
  })

  it('says which setting is missing when notices cannot be signed', async () => {
    const forgetful = driverOf(target, bench.served.url, {})
    await expect(forgetful('rebind', { notice: bench.notice('reissued', freshNumber()) })).rejects.toThrow(
      'target.vars.rebindSecret',
    )
  })
})
