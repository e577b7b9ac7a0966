import { expect, it } from 'vitest'
import { ExactSamples } from '../../../src/engines/exact-samples.ts'

it('quantiles lie between two samples as k6 has them, and nothing is below zero', () => {
  const samples = new ExactSamples()
  for (let ms = 2000; ms >= 1; ms--) samples.add('me granted', ms)
  samples.add('me granted', -5)
  const figures = samples.figures('me granted')
  expect(figures).toMatchObject({ min: 0, max: 2000, p50: 1000 })
  expect(figures?.p99).toBeCloseTo(1980, 9)
  expect(figures?.p999).toBeCloseTo(1998, 9)
  expect(samples.figures('nonce granted')).toBeUndefined()
})

it('gives none when there were too many to keep, of any series', () => {
  const samples = new ExactSamples(3)
  for (const key of ['a', 'b', 'a', 'b']) samples.add(key, 1)
  samples.add('a', 1)
  expect([samples.figures('a'), samples.figures('b')]).toEqual([undefined, undefined])
})
