import { expect, it } from 'vitest'
import { marksOf } from '../../../src/contract/timeline.ts'

it('timed faults and latencies become marks on the load’s own time; what lasts all along is none', () => {
  const marks = marksOf(
    { kind: 'brown-out', base: { kind: 'none' }, factor: 5, fromMs: 20_000, toMs: 30_000, rampMs: 0 },
    [
      { id: 'error-rate', answer: 'http', share: 0.01 },
      { id: 'hang', holdMs: 5000, share: 1, providers: ['china-mobile'], fromMs: 5000, toMs: 9000 },
      { id: 'throttle', ratePerSecond: 20, share: 1, fromMs: 1000 },
    ],
    -250,
  )
  expect(marks).toEqual([
    { label: 'throttle', fromMs: 750, toMs: null },
    { label: 'hang at china-mobile', fromMs: 4750, toMs: 8750, providers: ['china-mobile'] },
    { label: 'brown-out ×5', fromMs: 19_750, toMs: 29_750 },
  ])
})
