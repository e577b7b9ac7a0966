import { expect, it } from 'vitest'
import { centreOf, chanceAbove, chanceBelow } from '../../../src/judge/signed-rank.ts'

it('the chances of a signed-rank sum are the exact ones', () => {
  // All eight positive: one way of 2^8.
  expect(chanceAbove([1, 2, 3, 4, 5, 6, 7, 8], 0)).toBeCloseTo(1 / 256)
  expect(chanceBelow([1, 2, 3, 4, 5, 6, 7, 8], 0)).toBe(1)
  // Sums of at least 5 of the ranks 1, 2, 3: {2,3} and {1,2,3}.
  expect(chanceAbove([-1, 2, 3], 0)).toBeCloseTo(2 / 8)
  // Ties share a rank: four equal ones, three positive: sums of 7.5 and 10 of 2.5 each.
  expect(chanceAbove([1, 1, 1, -1], 0)).toBeCloseTo(5 / 16)
})

it('without differences nothing is unlikely', () => {
  expect([chanceAbove([], 0), chanceAbove([0, 0], 0)]).toEqual([1, 1])
  expect(centreOf([])).toBeUndefined()
})

it('the centre is the median of all pairwise means', () => {
  expect(centreOf([1, 2, 9])).toBe(3.5)
})
