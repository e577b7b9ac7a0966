import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mergedSummary, parseK6Summary, readK6Summary } from '../../../src/engines/k6-summary.ts'

const trend = (ms: number, count: number) => {
  const value = ms ** 8
  return { min: value, max: value, 'p(50)': value, 'p(90)': value, 'p(95)': value, 'p(99)': value, 'p(99.9)': value, count }
}

describe('the summary k6 exports', () => {
  it('gives counts as they are and quantiles as roots', () => {
    const summary = parseK6Summary({
      metrics: {
        ot_attempted: { count: 12, rate: 1 },
        ot_completed: { count: 11, rate: 1 },
        dropped_iterations: { count: 9 },
        'dropped_iterations{scenario:measured}': { count: 4, thresholds: { 'count>=0': false } },
        vus_max: { value: 30, min: 20, max: 30 },
        ot_oneTap_carrier_failed: trend(125.5, 3),
        http_req_duration: trend(1, 100),
      },
    })
    expect(summary.counters).toEqual({ attempted: 12, completed: 11, transport: 0, threw: 0 })
    expect(summary.dropped).toBe(4)
    expect(summary.maxUsers).toBe(30)
    expect(summary.series).toHaveLength(1)
    expect(summary.series[0]).toMatchObject({ series: 'oneTap', outcome: 'carrier-failed', count: 3 })
    expect(summary.series[0]?.exact?.p999).toBeCloseTo(125.5, 9)
  })

  it('is not made up where a figure is missing', () => {
    const { 'p(99)': _gone, ...rest } = trend(1, 2)
    expect(() => parseK6Summary({ metrics: { ot_me_granted: rest } })).toThrow('p(99)')
    expect(() => parseK6Summary({})).toThrow('no metrics')
  })

  it('of several generators adds up, without quantiles that would not', () => {
    const one = parseK6Summary({
      metrics: {
        ot_attempted: { count: 12 },
        ot_completed: { count: 12 },
        'dropped_iterations{scenario:measured}': { count: 1 },
        vus_max: { max: 5 },
        ot_me_granted: trend(4, 12),
      },
    })
    const other = parseK6Summary({
      metrics: { ot_attempted: { count: 11 }, ot_me_granted: trend(9, 10), ot_me_refused: trend(1, 1) },
    })
    expect(mergedSummary([one, other])).toEqual({
      counters: { attempted: 23, completed: 12, transport: 0, threw: 0 },
      dropped: 1,
      maxUsers: 5,
      series: [
        { series: 'me', outcome: 'granted', count: 22 },
        { series: 'me', outcome: 'refused', count: 1 },
      ],
    })
    expect(mergedSummary([one])).toBe(one)
    expect(mergedSummary([one, undefined])).toBeUndefined()
  })

  it('may be absent: k6 was killed', async () => {
    expect(await readK6Summary(join(mkdtempSync(join(tmpdir(), 'onetap-')), 'summary.json'))).toBeUndefined()
  })
})
