import { describe, expect, it } from 'vitest'
import { seededRng } from '../../../src/contract/rng.ts'
import { changePoints, pettitt } from '../../../src/judge/change-point.ts'

/** Twelve uniform numbers added: near enough to a normal one around `centre`. */
function noisy(seed: number, levels: readonly number[]): number[] {
  const rng = seededRng(seed)
  const one = (): number => Array.from({ length: 12 }, () => rng.below(1000) / 1000).reduce((a, b) => a + b, -6)
  return levels.map(level => level + one())
}
const level = (value: number, count: number): number[] => Array.from({ length: count }, () => value)

describe('changes of level', () => {
  it('finds one where it is, and both of two', () => {
    expect(changePoints(noisy(1, [...level(10, 15), ...level(20, 15)]), 0.01).map(({ at }) => at)).toEqual([15])
    const two = changePoints(noisy(2, [...level(10, 20), ...level(20, 20), ...level(10, 20)]), 0.01)
    expect(two.map(({ at }) => at)).toEqual([20, 40])
  })

  it('finds none in one level, in equal values, in too few values and in one outlier', () => {
    expect(changePoints(noisy(3, level(10, 40)), 0.01)).toEqual([])
    expect(changePoints(level(7, 40), 0.01)).toEqual([])
    expect(pettitt([1, 1, 1, 1, 9, 9, 9, 9, 9], seededRng(1))).toBeUndefined()
    expect(changePoints([...level(5, 10), 90, ...level(5, 10)], 0.05)).toEqual([])
  })

  it('says the same each time', () => {
    const values = noisy(4, [...level(10, 9), ...level(12, 9)])
    expect(changePoints(values, 0.05)).toEqual(changePoints(values, 0.05))
  })

  it('raises a false alarm about as often as it says, ties or none', () => {
    const histories = 200
    for (const rounded of [false, true]) {
      let alarms = 0
      for (let seed = 0; seed < histories; seed++) {
        const values = noisy(1000 + seed, level(10, 16)).map(value => (rounded ? Math.round(value) : value))
        if (changePoints(values, 0.05).length > 0) alarms++
      }
      // At 5 % of 200, 10 are expected; 22 and more happen less than once in a thousand times.
      expect(alarms).toBeGreaterThan(0)
      expect(alarms).toBeLessThan(22)
    }
  })
})
