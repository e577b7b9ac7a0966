import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import shop from '../../../examples/cookie-shop/onetap.target.ts'
import template from '../../../examples/template/onetap.target.ts'
import reference from '../../../onetap.target.ts'
import { OPERATION_IDS, type Reading, type Reply, type TargetProfile } from '../../../src/contract/target.ts'

const TARGETS: Record<string, TargetProfile> = { reference, shop, template }

/** Everything a success of any of the three holds, all at once: the most seducing body and headers there are. */
const FULL = {
  errno: 0,
  nonce: 'n'.repeat(22),
  tokenA: 'credential',
  accessToken: 'credential',
  account: { id: 'a1' },
  user: { id: 'a1' },
  applied: true,
  data: { challenge: { value: 'c'.repeat(24) }, profile: { uid: 'u_1' }, applied: true },
}
const HEADERS = { 'Set-Cookie': 'sid=credential; HttpOnly' }

function readings(target: TargetProfile, reply: Reply): Reading[] {
  return OPERATION_IDS.flatMap(op => target.operations[op]?.read(reply) ?? [])
}

const junk = fc.oneof(
  fc.anything(),
  fc.string(),
  fc.json(),
  fc.json().map(text => text.slice(0, -1)),
  fc.object({ key: fc.constantFrom(...Object.keys(FULL), '__proto__'), maxDepth: 3 }).map(value => JSON.stringify(value)),
)
const headers = fc.dictionary(fc.constantFrom('Set-Cookie', 'Content-Type', 'X'), fc.oneof(fc.string(), fc.constant('sid=')))

describe.each(Object.entries(TARGETS))('the readers of the %s target', (_name, target) => {
  it('read the full success as granted, so that the other cases here mean something', () => {
    const reply = { status: 200, body: JSON.stringify(FULL), headers: HEADERS }
    const granted = OPERATION_IDS.filter(op => target.operations[op]?.read(reply).kind === 'granted')
    // The reference backend's logout answers 204.
    const told = ['nonce', 'oneTap', 'me', ...(target === reference ? [] : ['logout']), 'rebind']
    expect(granted).toEqual(expect.arrayContaining(told))
  })

  it('never throw, whatever arrives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 599 }), junk, headers, (status, body, sent) => {
        for (const reading of readings(target, { status, body, headers: sent })) {
          expect(['granted', 'refused', 'failed']).toContain(reading.kind)
        }
      }),
    )
  })

  it('grant nothing on a status that says no, however good the body looks', () => {
    const statuses = fc.oneof(fc.constant(0), fc.integer({ min: 300, max: 599 }))
    fc.assert(
      fc.property(statuses, status => {
        for (const reading of readings(target, { status, body: JSON.stringify(FULL), headers: HEADERS })) {
          expect(reading.kind).not.toBe('granted')
        }
      }),
    )
  })

  it('grant no login without a credential', () => {
    const { tokenA, accessToken, ...rest } = FULL
    for (const body of [JSON.stringify(rest), '', 'null', '[]', '<html>']) {
      expect(target.operations.oneTap?.read({ status: 200, body, headers: {} }).kind).toBe('failed')
    }
  })

  it('call a server’s own trouble failed and a clear no refused', () => {
    const kinds = (status: number) => new Set(readings(target, { status, body: '{}', headers: {} }).map(reading => reading.kind))
    for (const status of [0, 500, 502, 503, 504]) expect(kinds(status)).toEqual(new Set(['failed']))
    if (target !== shop) for (const status of [400, 401, 403, 409, 422, 429]) expect(kinds(status)).toEqual(new Set(['refused']))
  })
})

describe('the cookie shop’s readers', () => {
  it('let the error number decide, not the status', () => {
    const errno = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.string(), fc.constantFrom(null, true, [], {}, '0', [0]))
    fc.assert(
      fc.property(
        errno.filter(value => value !== 0),
        value => {
          const reply = { status: 200, body: JSON.stringify({ ...FULL, errno: value }), headers: HEADERS }
          for (const reading of readings(shop, reply)) expect(reading.kind).not.toBe('granted')
        },
      ),
    )
    const kindOf = (value: number) =>
      shop.operations.me?.read({ status: 200, body: JSON.stringify({ errno: value }), headers: {} }).kind
    expect([kindOf(40101), kindOf(50301)]).toEqual(['refused', 'failed'])
  })

  it.each(['sid=abc', 'theme=dark; Path=/, sid=abc; HttpOnly', 'expires=x, sid=abc'])('find the session in %j', cookie => {
    const reply = { status: 200, body: JSON.stringify(FULL), headers: { 'Set-Cookie': cookie } }
    expect(shop.operations.oneTap?.read(reply)).toMatchObject({ credential: 'abc' })
  })

  it.each(['sid=', 'presid=abc', 'other=sid=abc', ''])('find none in %j', cookie => {
    const reply = { status: 200, body: JSON.stringify(FULL), headers: { 'Set-Cookie': cookie } }
    expect(shop.operations.oneTap?.read(reply).kind).toBe('failed')
  })
})
