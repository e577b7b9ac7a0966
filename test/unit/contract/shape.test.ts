import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  arrivalAtMs,
  arrivalsUntil,
  describeShape,
  meanPerSecond,
  type OpenShape,
  peakPerSecond,
  plannedArrivals,
  ratePerSecondAt,
} from '../../../src/contract/shape.ts'

const constant: OpenShape = { kind: 'constant-arrival-rate', ratePerSecond: 10, durationMs: 2000 }
const spike: OpenShape = {
  kind: 'ramping-arrival-rate',
  fromPerSecond: 10,
  stages: [
    { toPerSecond: 10, durationMs: 1000 },
    { toPerSecond: 40, durationMs: 0 },
    { toPerSecond: 40, durationMs: 1000 },
    { toPerSecond: 0, durationMs: 1000 },
  ],
  durationMs: 3000,
  name: 'spike',
}

describe('the rate of a shape', () => {
  it('jumps where a stage takes no time and goes in a straight line elsewhere', () => {
    expect([0, 999, 1000, 1999, 2000, 2500, 3000].map(ms => ratePerSecondAt(spike, ms))).toEqual([10, 10, 40, 40, 40, 20, 0])
  })

  it('has its peak, its mean and its arrivals from the area under it', () => {
    expect(peakPerSecond(spike)).toBe(40)
    expect(plannedArrivals(spike)).toBe(10 + 40 + 20)
    expect(meanPerSecond(spike)).toBeCloseTo(70 / 3)
    expect(meanPerSecond({ kind: 'closed', users: 3, durationMs: 1000 })).toBeNull()
  })

  it('spaces arrivals of a constant rate evenly from the first moment on', () => {
    expect([0, 1, 19].map(n => arrivalAtMs(constant, n))).toEqual([0, 100, 1900])
  })

  it('places the n-th arrival where n arrivals are due, whatever the stages', () => {
    const rate = fc.integer({ min: 0, max: 500 })
    const stage = fc.record({ toPerSecond: rate, durationMs: fc.integer({ min: 0, max: 5000 }) })
    fc.assert(
      fc.property(
        rate,
        fc.array(stage, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (from, stages, share) => {
          const durationMs = stages.reduce((sum, one) => sum + one.durationMs, 0)
          const shape: OpenShape = { kind: 'ramping-arrival-rate', fromPerSecond: from, stages, durationMs }
          const n = share * arrivalsUntil(shape, durationMs)
          expect(arrivalsUntil(shape, arrivalAtMs(shape, n))).toBeCloseTo(n, 3)
        },
      ),
    )
  })

  it('is told in a few words', () => {
    expect(describeShape(spike)).toBe('spike 10 → 40 → 0/s for 3 s')
    expect(describeShape(constant)).toBe('10/s for 2 s')
    expect(describeShape({ kind: 'closed', users: 3, durationMs: 1500 })).toBe('3 users for 1.5 s')
  })
})
