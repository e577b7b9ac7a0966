import fc from 'fast-check'
import { expect, it } from 'vitest'
import { arrivalAtMs, type OpenShape, plannedArrivals } from '../../../src/contract/shape.ts'
import { Arrivals, shareOf } from '../../../src/engines/arrivals.ts'

const ramp: OpenShape = {
  kind: 'ramping-arrival-rate',
  fromPerSecond: 3,
  stages: [
    { toPerSecond: 40, durationMs: 1500 },
    { toPerSecond: 5, durationMs: 0 },
    { toPerSecond: 5, durationMs: 700 },
  ],
  durationMs: 2200,
}

function all(shape: OpenShape, segment?: { index: number; of: number }): { number: number; atMs: number }[] {
  const arrivals = new Arrivals(shape, segment)
  const found: { number: number; atMs: number }[] = []
  for (let next = arrivals.next(); next !== undefined; next = arrivals.next()) found.push(next)
  return found
}

it('a constant rate comes evenly, the first arrival at once', () => {
  const times = all({ kind: 'constant-arrival-rate', ratePerSecond: 8, durationMs: 1000 }).map(one => one.atMs)
  expect(times).toEqual([0, 125, 250, 375, 500, 625, 750, 875])
})

it('segments make the whole, each number once and at its own time, and share it evenly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), of => {
      const parts = Array.from({ length: of }, (_, index) => all(ramp, { index, of }))
      const merged = parts.flat().toSorted((a, b) => a.number - b.number)
      const planned = plannedArrivals(ramp) ?? 0
      expect(merged).toEqual(Array.from({ length: planned }, (_, n) => ({ number: n, atMs: arrivalAtMs(ramp, n) })))
      expect(parts.map(part => part.length)).toEqual(parts.map((_, index) => shareOf(planned, { index, of })))
    }),
  )
})

it('what is shared out adds up', () => {
  expect([0, 1, 2].map(index => shareOf(8, { index, of: 3 }))).toEqual([3, 3, 2])
})
