import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { WARM_UP } from '../../../src/contract/series.ts'
import { LiveSeries } from '../../../src/engines/live-series.ts'
import { decodeWriteRequest, encodeWriteRequest } from '../../../src/engines/write-request.ts'
import { counterSeries, histogramSeries } from './k6-push.ts'

const START = 1_790_000_000_000
const push = (...timeseries: object[]) => decodeWriteRequest(encodeWriteRequest({ timeseries }))
const started = counterSeries('ot_started_at_ms', START)

describe('the live channel', () => {
  it('turns cumulative counters and histograms into what each push added', () => {
    const live = new LiveSeries()
    live.add(push(started, counterSeries('ot_attempted_total', 10), histogramSeries('ot_oneTap_granted', [[5, 4]])), START + 1000)
    const step = live.add(
      push(
        counterSeries('ot_attempted_total', 25),
        histogramSeries('ot_oneTap_granted', [
          [5, 4],
          [7, 6],
        ]),
      ),
      START + 2000,
    )
    expect(step.counters.attempted).toBe(15)
    expect([...step.histograms.values()]).toMatchObject([
      { series: 'oneTap', outcome: 'granted', histogram: { buckets: [[7, 6]] } },
    ])
    expect(live.counters.attempted).toBe(25)
    expect(live.totals()).toMatchObject([
      {
        series: 'oneTap',
        histogram: {
          count: 10,
          buckets: [
            [5, 4],
            [7, 6],
          ],
        },
      },
    ])
  })

  it('gives each second four pushes, also where they come near its turn and not quite on time', () => {
    const live = new LiveSeries()
    const lateness = [5, -5, 9, 0, -12, 20, 3, -8]
    for (const [i, late] of lateness.entries()) {
      live.add(push(started, histogramSeries('ot_me_granted', [[1, (i + 1) * 10]])), START + (i + 1) * 250 - 30 + late)
    }
    expect(live.seconds().map(s => [s.second, s.histogram.count])).toEqual([
      [0, 40],
      [1, 40],
    ])
  })

  it('leaves a hole where nothing was measured', () => {
    const live = new LiveSeries()
    live.add(push(started, histogramSeries('ot_me_granted', [[1, 1]])), START + 250)
    live.add(push(histogramSeries('ot_me_granted', [[1, 2]])), START + 3250)
    expect(live.seconds().map(s => s.second)).toEqual([0, 3])
  })

  it('counts dropped visits of the measured scenario and not those of the warm-up', () => {
    const live = new LiveSeries()
    const step = live.add(
      push(counterSeries('dropped_iterations_total', 7, WARM_UP), counterSeries('dropped_iterations_total', 3)),
      START,
    )
    expect([step.dropped, live.dropped]).toEqual([3, 3])
  })

  it('takes the mark of an ended series for no value', () => {
    const live = new LiveSeries()
    live.add(push(counterSeries('ot_completed_total', 5)), START)
    live.add(push(counterSeries('ot_completed_total', Number.NaN)), START + 1)
    expect(live.counters.completed).toBe(5)
  })

  it('counts on when a sender begins anew', () => {
    const live = new LiveSeries()
    live.add(push(counterSeries('ot_completed_total', 5)), START)
    live.add(push(counterSeries('ot_completed_total', 2)), START + 1000)
    expect(live.counters.completed).toBe(7)
  })

  it('keeps nothing of a push that cannot be read to its end', () => {
    const live = new LiveSeries()
    const bad = push(counterSeries('ot_attempted_total', 5), histogramSeries('ot_me_granted', [[1, 1]]))
    bad.timeseries[1]!.histograms[0]!.schema = 1
    expect(() => live.add(bad, START)).toThrow()
    live.add(push(counterSeries('ot_attempted_total', 5)), START)
    expect(live.counters.attempted).toBe(5)
  })

  it("passes over k6's own metrics", () => {
    const live = new LiveSeries()
    const step = live.add(
      push(histogramSeries('http_req_duration_seconds', [[1, 1]]), counterSeries('data_sent_total', 9)),
      START,
    )
    expect(step.histograms.size).toBe(0)
    expect(live.totals()).toEqual([])
  })

  it('of several generators adds up to the bucket: the same as if one had seen every value', () => {
    const value = fc.double({ min: 0.1, max: 60_000, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 200 }), samples => {
        const live = new LiveSeries()
        for (let round = 0; round <= 3; round++) {
          for (let generator = 0; generator <= 3; generator++) {
            const seen = samples.filter(([, of, since]) => of === generator && since <= round).map(([ms]) => ms)
            const { buckets } = histogramOf(seen)
            const attempted = counterSeries('ot_attempted_total', seen.length)
            live.add(
              push(started, attempted, histogramSeries('ot_oneTap_granted', buckets)),
              START + round * 250 + 250,
              generator,
            )
          }
        }
        const whole = histogramOf(samples.map(([ms]) => ms))
        expect(live.totals()[0]?.histogram).toMatchObject({ buckets: whole.buckets, count: whole.count, zeroCount: 0 })
        expect(live.counters.attempted).toBe(samples.length)
        expect([0, 1, 2, 3].map(g => live.attemptedBy(g))).toEqual(
          [0, 1, 2, 3].map(g => samples.filter(([, of]) => of === g).length),
        )
      }),
    )
  })
})
