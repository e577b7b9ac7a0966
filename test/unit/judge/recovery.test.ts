import { describe, expect, it } from 'vitest'
import type { SeriesSecond } from '../../../src/contract/engine.ts'
import { histogramOf } from '../../../src/contract/histogram.ts'
import type { Mark } from '../../../src/contract/timeline.ts'
import { judgeRecovery } from '../../../src/judge/recovery.ts'
import { loadOf } from './evidence-builder.ts'

/** 60 s at 10 a second, of which so many are granted in each second. */
function verdictOf(granted: (second: number) => number, mark: Partial<Mark> = {}, durationMs = 60_000) {
  const seconds = Array.from(
    { length: durationMs / 1000 },
    (_, second): SeriesSecond => ({
      second,
      series: 'oneTap',
      outcome: 'granted',
      histogram: histogramOf(Array(granted(second)).fill(20)),
    }),
  )
  const marks = [{ label: 'outage', fromMs: 10_000, toMs: 20_000, ...mark }]
  return judgeRecovery(loadOf({ seconds, durationMs }), marks, () => 10)
}
const outage = (backAt: number) => (second: number) => (second >= 10 && second < backAt ? 2 : 10)

describe('after a fault that ended', () => {
  it('a target that is back at once passes, with the time it took', () => {
    expect(verdictOf(outage(22))).toEqual([
      expect.objectContaining({
        outcome: 'pass',
        recoveredAfterMs: 2000,
        metastable: false,
        goodputBefore: 10,
        goodputAfter: 10,
      }),
    ])
  })

  it('one that takes longer than it may fails, with the time it took', () => {
    expect(verdictOf(outage(35))[0]).toMatchObject({ outcome: 'fail', recoveredAfterMs: 15_000, metastable: false })
  })

  it('one that does not come back at all is metastable', () => {
    expect(verdictOf(outage(99))[0]).toMatchObject({ outcome: 'fail', recoveredAfterMs: null, metastable: true, goodputAfter: 2 })
  })

  it('a lucky second is no recovery', () => {
    const lucky = verdictOf(second => (second === 25 ? 10 : outage(99)(second)))
    expect(lucky[0]).toMatchObject({ outcome: 'fail', metastable: true })
  })

  it('nothing is told of a load that ended too early, or began with the fault', () => {
    expect(verdictOf(outage(99), {}, 25_000)[0]).toMatchObject({ outcome: 'inconclusive' })
    expect(verdictOf(outage(22), { fromMs: 1000 })[0]).toMatchObject({ outcome: 'inconclusive' })
  })

  it('a fault that lasts to the end has no verdict', () => {
    expect(verdictOf(outage(99), { toMs: null })).toEqual([])
  })

  it('a shape that falls is not taken for a target that fell', () => {
    const planned = (second: number): number => (second < 30 ? 10 : 4)
    const seconds = Array.from({ length: 60 }, (_, second) => ({
      second,
      series: 'oneTap' as const,
      outcome: 'granted' as const,
      histogram: histogramOf(Array(second >= 10 && second < 20 ? 1 : planned(second)).fill(20)),
    }))
    const marks = [{ label: 'outage', fromMs: 10_000, toMs: 20_000 }]
    expect(judgeRecovery(loadOf({ seconds, durationMs: 60_000 }), marks, planned)[0]).toMatchObject({
      outcome: 'pass',
      recoveredAfterMs: 0,
    })
  })
})
