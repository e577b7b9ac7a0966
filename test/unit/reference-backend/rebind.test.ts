import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Patient, signature, startPatient } from './patient.ts'

let patient: Patient
let events = 0
beforeAll(async () => {
  patient = await startPatient()
})
afterAll(() => patient.close())

interface Overrides {
  [field: string]: unknown
}

/** A notice dated now. */
function notice(msisdn: string, fields: Overrides = {}): Record<string, unknown> {
  const occurredAt = new Date(patient.clock.nowMs).toISOString()
  return { eventId: `e-${events++}`, kind: 'reissued', msisdn, carrier: 'china-mobile', occurredAt, sequence: events, ...fields }
}

/** Lets time pass on the backend's clock, so that what follows is later by milliseconds too. */
function later(ms = 10): string {
  patient.clock.nowMs += ms
  return new Date(patient.clock.nowMs).toISOString()
}

describe('a notice that a number was reissued', () => {
  it('gives the new owner an account of its own, ends old sessions and keeps the old account', async () => {
    const former = await patient.login('13600000001')
    const bystander = await patient.login('13600000002')
    later()
    expect((await patient.rebind(notice('13600000001'))).json).toEqual({ applied: true })
    expect((await patient.me(former.json.tokenA)).status).toBe(401)
    expect((await patient.me(bystander.json.tokenA)).status).toBe(200)
    later()
    const owner = await patient.login('13600000001')
    expect(owner.json).toMatchObject({ created: true })
    expect(owner.json.account.id).not.toBe(former.json.account.id)
    expect(await patient.backend.accounts.account(former.json.account.id)).toMatchObject({ msisdn: undefined })
    expect((await patient.login('13600000001')).json.account.id).toBe(owner.json.account.id)
  })

  it('is worked once: repeated, it leaves the new owner alone', async () => {
    await patient.login('13600000003')
    later()
    const first = notice('13600000003')
    expect((await patient.rebind(first)).json).toEqual({ applied: true })
    later()
    const owner = await patient.login('13600000003')
    later()
    expect((await patient.rebind(first)).json).toEqual({ applied: false })
    expect((await patient.me(owner.json.tokenA)).status).toBe(200)
  })

  it('cuts nothing that was bound after the event it tells of', async () => {
    const occurredAt = later()
    later()
    const owner = await patient.login('13600000004')
    later()
    expect((await patient.rebind(notice('13600000004', { occurredAt }))).json).toEqual({ applied: true })
    expect((await patient.me(owner.json.tokenA)).status).toBe(200)
    expect((await patient.login('13600000004')).json.account.id).toBe(owner.json.account.id)
  })

  it('that comes late still parts the former owner’s account from the number, though somebody logged in since', async () => {
    const former = await patient.login('13600000005')
    const occurredAt = later()
    later()
    const intruder = await patient.login('13600000005')
    expect(intruder.json.account.id).toBe(former.json.account.id)
    await patient.rebind(notice('13600000005', { occurredAt }))
    expect((await patient.me(intruder.json.tokenA)).status).toBe(401)
    expect((await patient.login('13600000005')).json.account.id).not.toBe(former.json.account.id)
  })

  it('also ends a session issued by a login that was under way', async () => {
    const login = { type: 'phone', identifier: '13600000006', atMs: patient.clock.nowMs, ip: '' } as const
    const owner = await patient.backend.accounts.logIn(login)
    later()
    await patient.rebind(notice('13600000006'))
    const { tokenA } = await patient.backend.sessions.begin(owner)
    expect((await patient.me(tokenA)).status).toBe(401)
  })

  it('finds the number in whichever form it is written', async () => {
    const former = await patient.login('13600000007')
    later()
    await patient.rebind(notice('+8613600000007'))
    expect((await patient.me(former.json.tokenA)).status).toBe(401)
  })
})

describe.each(['sim-replaced', 'ported'])('a notice of kind %s', kind => {
  it('cuts nothing', async () => {
    const number = kind === 'ported' ? '13600000010' : '13600000011'
    const owner = await patient.login(number)
    later()
    expect((await patient.rebind(notice(number, { kind, toCarrier: 'china-telecom' }))).json).toEqual({ applied: true })
    expect((await patient.me(owner.json.tokenA)).status).toBe(200)
    expect((await patient.login(number, {}, 'china-telecom')).json.account.id).toBe(owner.json.account.id)
    expect(await patient.backend.accounts.notedCarrier(number)).toBe(kind === 'ported' ? 'china-telecom' : 'china-mobile')
  })
})

it('ends in the same state in whatever order notices come', async () => {
  const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] // biome-ignore format: a table
  for (const [i, order] of orders.entries()) {
    const number = `1360000002${i}`
    const former = await patient.login(number)
    const notices = (['ported', 'reissued', 'ported'] as const).map((kind, sequence) => {
      const toCarrier = sequence === 0 ? 'china-unicom' : 'china-telecom'
      return notice(number, { kind, toCarrier, sequence, occurredAt: later() })
    })
    for (const index of [...order, ...order]) await patient.rebind(notices[index]!)
    expect((await patient.me(former.json.tokenA)).status).toBe(401)
    expect(await patient.backend.accounts.binding('phone', number)).toBeUndefined()
    expect(await patient.backend.accounts.notedCarrier(number)).toBe('china-telecom')
  }
})

describe('a notice that is not the carrier’s', () => {
  const forgeries: Record<string, (text: string, now: number) => Record<string, string>> = {
    'has no signature': () => ({}),
    'has no time': (text, now) => ({ ...signature(text, now), 'x-rebind-timestamp': '' }),
    'has another time than it was signed for': (text, now) => ({
      ...signature(text, now),
      'x-rebind-timestamp': String(now + 1),
    }),
    'was signed with another secret': (text, now) => signature(text, now, 'other'),
    'was signed for another body': (text, now) => signature(`${text} `, now),
    'is older than five minutes': (text, now) => signature(text, now - 301),
    'is from the future': (text, now) => signature(text, now + 301),
    'has half a signature': (text, now) => ({ ...signature(text, now), 'x-rebind-signature': 'ab' }),
  }
  it.each(Object.keys(forgeries))('changes nothing when it %s', async name => {
    const owner = await patient.login('13600000030')
    later()
    const text = JSON.stringify(notice('13600000030'))
    const headers = forgeries[name]!(text, Math.floor(patient.clock.nowMs / 1000))
    expect((await patient.postText('/v1/carrier/rebind', text, headers)).status).toBe(401)
    expect((await patient.me(owner.json.tokenA)).status).toBe(200)
  })
})

const wrong: Overrides[] = [
  { eventId: undefined }, { eventId: 5 }, { eventId: '' }, { kind: 'gone' }, { kind: ['reissued'] }, { msisdn: '138' }, { msisdn: 13800000000 },
  { carrier: 'x' }, { kind: 'ported', toCarrier: 'x' }, { occurredAt: 'yesterday' }, { occurredAt: '2020-99-99T00:00:00Z' }, { occurredAt: 0 },
  { sequence: '1' }, { sequence: -1 }, { sequence: 1.5 },
] // biome-ignore format: a table
it.each(wrong)('a signed notice with %j gets 400', async fields => {
  expect((await patient.rebind(notice('13600000031', fields))).status).toBe(400)
})

it('no notice is taken when no secret was set', async () => {
  const deaf = await startPatient({ REBIND_SECRET: '' })
  expect((await deaf.rebind(notice('13600000032'))).status).toBe(403)
  await deaf.close()
})
