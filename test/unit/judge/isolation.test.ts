import { describe, expect, it } from 'vitest'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import type { AddedSeries, SeriesSecond } from '../../../src/contract/engine.ts'
import type { StepOutcome } from '../../../src/contract/flow.ts'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { judgeIsolation } from '../../../src/judge/isolation.ts'
import { loadOf } from './evidence-builder.ts'

const cell = (second: number, series: AddedSeries, outcome: StepOutcome, ms: number, count = 10): SeriesSecond => ({
  second,
  series,
  outcome,
  histogram: histogramOf(Array(count).fill(ms)),
})

/** China Mobile is out from second 10 on; the others' logins are what `during` says. */
function verdictOf(during: (second: number) => SeriesSecond[]) {
  const seconds = Array.from({ length: 30 }, (_, second) =>
    second < 10
      ? [cell(second, 'added_china_unicom', 'granted', 5), cell(second, 'added_china_telecom', 'granted', 5)]
      : during(second),
  ).flat()
  const marks = [{ label: 'outage', fromMs: 10_000, toMs: 30_000, providers: ['china-mobile'] as const }]
  return judgeIsolation(loadOf({ seconds, durationMs: 30_000 }), marks, CARRIER_IDS)[0]
}

describe('one carrier down', () => {
  it('is isolated when the others’ users notice nothing', () => {
    expect(verdictOf(second => [cell(second, 'added_china_unicom', 'granted', 8)])).toMatchObject({
      outcome: 'pass',
      others: ['china-unicom', 'china-telecom'],
      slowerByMs: expect.closeTo(3, 0),
      failedShare: 0,
    })
  })

  it('is not when they are slowed, and it says by how much', () => {
    const found = verdictOf(second => [cell(second, 'added_china_unicom', 'granted', 1200)])
    expect(found).toMatchObject({ outcome: 'fail', slowerByMs: expect.closeTo(1195, -2) })
    expect(found?.text).toContain('it reached the others')
  })

  it('is not when they are turned away', () => {
    const some = (second: number) => [
      cell(second, 'added_china_unicom', 'granted', 5),
      cell(second, 'added_china_unicom', 'refused', 5, 1),
    ]
    expect(verdictOf(some)).toMatchObject({ outcome: 'fail', failedShare: expect.closeTo(1 / 11) })
    expect(verdictOf(second => [cell(second, 'added_china_unicom', 'failed', 5)])).toMatchObject({
      outcome: 'fail',
      slowerByMs: null,
    })
  })

  it('leaves the question open when nobody of the others came', () => {
    expect(verdictOf(() => [])).toMatchObject({ outcome: 'inconclusive' })
  })
})
