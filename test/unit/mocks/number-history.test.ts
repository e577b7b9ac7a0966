import { describe, expect, it } from 'vitest'
import { NumberLives } from '../../../mocks/life.ts'
import {
  beijingDay,
  customerSinceMs,
  fateSince,
  firstActivationMs,
  heldSinceMs,
  recycledAfter,
} from '../../../mocks/number-history.ts'
import type { NumberEventKind } from '../../../src/contract/number-life.ts'

const SEED = 5
const T0 = Date.UTC(2026, 10, 24, 12)
const DAY = 86_400_000

function lived(...events: readonly (NumberEventKind | 'ported')[]) {
  const lives = new NumberLives(SEED, 'run')
  const results = events.map((kind, day) =>
    lives.happen({
      index: 3,
      kind,
      nowMs: T0 + day * DAY,
      ...(kind === 'ported' ? { toCarrier: 'china-telecom' as const } : {}),
    }),
  )
  return { lives, results, kinds: results.map(result => result.kind), history: lives.history(3) }
}

describe('the operators’ books', () => {
  it('begin long before any token, at a moment drawn from the seed and the number', () => {
    const starts = Array.from({ length: 200 }, (_, index) => firstActivationMs(SEED, index))
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(Date.UTC(2012, 0, 1))
    expect(Math.max(...starts)).toBeLessThan(Date.UTC(2020, 0, 1))
    expect(new Set(starts).size).toBeGreaterThan(190)
    expect(starts[7]).toBe(firstActivationMs(SEED, 7))
    expect(new NumberLives(SEED, 'other run').history(7).simSinceMs).toBe(starts[7])
  })

  it.each([
    // By CAMARA's definitions: case, recycled, new SIM, new handset, tenure since T0, carrier
    [[], false, false, false, true, 'china-mobile'],
    [['sim-replaced'], false, true, false, true, 'china-mobile'],
    [['device-changed'], false, false, true, true, 'china-mobile'],
    [['ported'], false, true, false, false, 'china-telecom'],
    [['transferred'], true, true, false, false, 'china-mobile'],
    [['reissued'], true, true, true, false, 'china-mobile'],
    [['deactivated', 'quarantined', 'reissued'], true, true, true, false, 'china-mobile'],
  ] as const)('tell the cases apart: %j', (events, recycled, newSim, newDevice, tenure, carrier) => {
    const { history, kinds } = lived(...events)
    expect(kinds.every(kind => kind.startsWith('happened'))).toBe(true)
    const linkedMs = T0 - 5 * DAY
    expect({
      recycled: recycledAfter(history, beijingDay(linkedMs)),
      newSim: history.simSinceMs > linkedMs,
      newDevice: history.deviceSinceMs > linkedMs,
      tenure: (customerSinceMs(history) ?? Number.POSITIVE_INFINITY) <= linkedMs,
      carrier: history.contracts.at(-1)?.carrier,
    }).toEqual({ recycled, newSim, newDevice, tenure, carrier })
  })

  it('count the day of the present contract as not recycled and a day in a gap as recycled', () => {
    const { history } = lived('deactivated', 'quarantined', 'reissued')
    const began = beijingDay(T0 + 2 * DAY)
    expect([began - 1, began, began + 1].map(day => recycledAfter(history, day))).toEqual([true, false, false])
    expect(history.contracts.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [firstActivationMs(SEED, 3), T0],
      [T0 + 2 * DAY, undefined],
    ])
  })

  it('count days in Beijing', () => {
    expect(beijingDay(Date.UTC(2026, 0, 1, 16)) - beijingDay(Date.UTC(2026, 0, 1, 15, 59))).toBe(1)
  })

  it('say what became of the holder of a date', () => {
    const before = T0 - DAY
    expect(fateSince(lived().history, before)).toBe('same-holder')
    expect(fateSince(lived('ported', 'sim-replaced').history, before)).toBe('same-holder')
    expect(fateSince(lived('transferred').history, before)).toBe('transferred')
    expect(fateSince(lived('transferred').history, T0)).toBe('same-holder')
    expect(fateSince(lived('reissued').history, before)).toBe('reissued')
    expect(fateSince(lived('reissued').history, T0)).toBe('same-holder')
    expect(fateSince(lived('deactivated').history, T0 + DAY)).toBe('cancelled')
    expect(fateSince(lived().history, Date.UTC(2001, 0, 1))).toBe('reissued')
  })

  it('keep the present holder’s first contract over porting', () => {
    const { history } = lived('reissued', 'ported')
    expect(heldSinceMs(history)).toBe(T0)
    expect(customerSinceMs(history)).toBe(T0 + DAY)
  })
})

describe('a number nobody holds', () => {
  it.each([[['deactivated']], [['deactivated', 'quarantined']]] as const)('after %j has no living SIM card', events => {
    const { lives, results } = lived(...events)
    const last = results.at(-1)
    if (last?.kind !== 'happened-untold') throw new Error(last?.kind)
    expect(lives.isHeld(3)).toBe(false)
    expect(lives.simByImsi(last.sim.imsi)).toBeUndefined()
    expect(heldSinceMs(lives.history(3))).toBeUndefined()
    const { tenure } = { tenure: lives.tenure(3) }
    expect(tenure.heldSince).toBeGreaterThan(tenure.generation)
    const next = lives.happen({ index: 3, kind: 'reissued', nowMs: T0 + 90 * DAY })
    if (next.kind !== 'happened') throw new Error(next.kind)
    expect(lives.simByImsi(next.sim.imsi)).toEqual(next.sim)
    expect(next.sim.imsi).not.toBe(last.sim.imsi)
  })

  it.each([
    [['quarantined'], 'active'],
    [['deactivated', 'deactivated'], 'deactivated'],
    [['deactivated', 'sim-replaced'], 'deactivated'],
    [['deactivated', 'quarantined', 'ported'], 'quarantined'],
    [['deactivated', 'transferred'], 'deactivated'],
    [['deactivated', 'device-changed'], 'deactivated'],
    [['deactivated', 'quarantined', 'quarantined'], 'quarantined'],
  ] as const)('refuses events that its state rules out: %j', (events, state) => {
    expect(lived(...events).results.at(-1)).toEqual({ kind: 'wrong-state', state })
  })
})

it('an event may be dated back, but not before the number’s last one and not into the future', () => {
  const lives = new NumberLives(SEED, 'run')
  const at = (atMs: number) => lives.happen({ index: 9, kind: 'reissued', nowMs: T0, atMs })
  expect(at(T0 + 1)).toEqual({ kind: 'wrong-time' })
  const first = at(T0 - 3 * DAY)
  if (first.kind !== 'happened') throw new Error(first.kind)
  expect(first.notice.occurredAt).toBe('2026-11-21T12:00:00.000Z')
  expect(at(T0 - 4 * DAY)).toEqual({ kind: 'wrong-time' })
  expect(at(T0 - 3 * DAY).kind).toBe('happened')
})

it('a number lives through 64 events at most, however small', () => {
  const { kinds } = lived(...Array.from({ length: 65 }, () => 'device-changed' as const))
  expect(kinds.filter(kind => kind === 'happened-untold')).toHaveLength(64)
  expect(kinds.at(-1)).toBe('worn-out')
})
