import { describe, expect, it } from 'vitest'
import { NumberLives } from '../../../mocks/life.ts'
import { subscriberAt } from '../../../src/contract/people.ts'

const SEED = 5
const T0 = Date.UTC(2026, 10, 24, 12)

describe('a number’s life', () => {
  it.each(['reissued', 'sim-replaced', 'ported'] as const)('kills the old SIM card and makes a new one when it is %s', kind => {
    const lives = new NumberLives(SEED, 'run')
    const before = lives.sim(6)
    const toCarrier = kind === 'ported' ? { toCarrier: 'china-unicom' as const } : {}
    const result = lives.happen({ index: 6, kind, nowMs: T0, ...toCarrier })
    if (result.kind !== 'happened') throw new Error(result.kind)
    expect(result.sim.msisdn).toBe(before.msisdn)
    expect(result.sim.imsi).not.toBe(before.imsi)
    expect(lives.simByImsi(before.imsi)).toBeUndefined()
    expect(lives.simByImsi(result.sim.imsi)).toEqual(result.sim)
    expect(result.notice).toMatchObject({
      kind,
      msisdn: before.msisdn,
      carrier: 'china-mobile',
      occurredAt: '2026-11-24T12:00:00.000Z',
    })
    expect(result.notice.toCarrier).toBe(toCarrier.toCarrier)
  })

  it('counts notices upward through the same second, a reset, and a later process', () => {
    const lives = new NumberLives(SEED, 'run')
    const sequence = (from: NumberLives, nowMs: number): number => {
      const result = from.happen({ index: 0, kind: 'sim-replaced', nowMs })
      if (result.kind !== 'happened') throw new Error(result.kind)
      return result.notice.sequence
    }
    const first = sequence(lives, T0)
    const second = sequence(lives, T0)
    lives.reset()
    const third = sequence(lives, T0)
    const later = sequence(new NumberLives(SEED, 'next'), T0 + 60_000)
    expect([first, second, third, later]).toEqual([first, first + 1, first + 2, first + 60])
    expect(later).toBeLessThan(2 ** 31)
  })

  it('ports back and forth, but not to the carrier that serves the number already', () => {
    const lives = new NumberLives(SEED, 'run')
    expect(lives.happen({ index: 0, kind: 'ported', toCarrier: 'china-mobile', nowMs: T0 })).toEqual({ kind: 'no-new-carrier' })
    expect(lives.happen({ index: 0, kind: 'ported', toCarrier: 'china-telecom', nowMs: T0 }).kind).toBe('happened')
    expect(lives.happen({ index: 0, kind: 'ported', toCarrier: 'china-mobile', nowMs: T0 }).kind).toBe('happened')
    expect(lives.tenure(0)).toEqual({ carrier: 'china-mobile', generation: 2, heldSince: 0 })
  })

  it('ends after fifteen events, because a token has four bits for the SIM card', () => {
    const lives = new NumberLives(SEED, 'run')
    for (let i = 0; i < 15; i++) expect(lives.happen({ index: 1, kind: 'reissued', nowMs: T0 }).kind).toBe('happened')
    expect(lives.happen({ index: 1, kind: 'reissued', nowMs: T0 })).toEqual({ kind: 'worn-out' })
    expect(lives.tenure(1).generation).toBe(15)
  })

  it('knows no SIM card that nobody holds', () => {
    const lives = new NumberLives(SEED, 'run')
    const { imsi } = subscriberAt(SEED, 4)
    expect(lives.simByImsi(imsi)?.index).toBe(4)
    for (const wrong of [
      '',
      'x',
      imsi.slice(1),
      `${imsi}0`,
      imsi.replace(/^46001000/, '46001001'),
      imsi.replace(/^46001/, '46000'),
    ]) {
      expect(lives.simByImsi(wrong)).toBeUndefined()
    }
  })
})
