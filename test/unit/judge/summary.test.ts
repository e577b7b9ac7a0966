import { describe, expect, it } from 'vitest'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { judge } from '../../../src/judge/judge.ts'
import { exactTotalOf, ledgerOf, loadOf, planOf } from './evidence-builder.ts'

const seconds = [
  { second: 0, series: 'oneTap', outcome: 'granted', histogram: histogramOf([100, 100]) },
  { second: 0, series: 'oneTap', outcome: 'granted', histogram: histogramOf([100]) },
  { second: 2, series: 'oneTap', outcome: 'failed', histogram: histogramOf([5]) },
  { second: 2, series: 'oneTap', outcome: 'carrier-failed', histogram: histogramOf([5, 5]) },
  { second: 2, series: 'backend_added', outcome: 'granted', histogram: histogramOf([8]) },
] as const

describe('the summary of a load', () => {
  const load = judge(ledgerOf({ load: loadOf({ seconds: [...seconds] }) }), planOf(), []).load!

  it('adds up parts of one second and leaves silent seconds without a figure', () => {
    expect(load.seconds.second).toEqual([0, 1, 2])
    expect(load.seconds.granted).toEqual([3, 0, 0])
    expect(load.seconds.failed).toEqual([0, 0, 1])
    expect(load.seconds.carrierFailed).toEqual([0, 0, 2])
    expect(load.seconds.loginP99Ms.map(ms => ms === null)).toEqual([false, true, true])
    expect(load.seconds.loginP50Ms[0]).toBeCloseTo(100, -1)
    expect(load.seconds.addedP95Ms.map(ms => ms === null)).toEqual([true, true, false])
  })

  it('is not blown up by a second far after the end', () => {
    const far = [{ second: 1_900_000_000, series: 'oneTap', outcome: 'granted', histogram: histogramOf([1]) } as const]
    expect(judge(ledgerOf({ load: loadOf({ seconds: far }) }), planOf(), []).load?.seconds.second).toEqual([])
  })

  it('says which quantiles are the engine\u2019s own', () => {
    const totals = [exactTotalOf('oneTap', 'granted', 2000, 200), ...loadOf().totals.filter(total => total.series === 'me')]
    const { summaries } = judge(ledgerOf({ load: loadOf({ totals }) }), planOf(), []).load!
    expect(summaries.map(one => [one.series, one.exact, one.p99Ms === 200])).toEqual([
      ['oneTap', true, true],
      ['me', false, false],
    ])
  })

  it('gives a series without samples no figures', () => {
    const totals = [{ series: 'oneTap', outcome: 'failed', count: 0, histogram: histogramOf([]) } as const]
    const { summaries } = judge(ledgerOf({ load: loadOf({ totals: [...totals] }) }), planOf(), []).load!
    expect(summaries[0]).toMatchObject({ count: 0, p50Ms: null, maxMs: null, exact: false })
  })

  it('is the same twice', () => expect(judge(ledgerOf(), planOf(), [])).toEqual(judge(ledgerOf(), planOf(), [])))
})
