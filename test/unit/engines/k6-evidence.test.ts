import { describe, expect, it } from 'vitest'
import { HarnessError } from '../../../src/contract/errors.ts'
import { type K6Ending, k6Evidence } from '../../../src/engines/k6-evidence.ts'
import type { K6Summary } from '../../../src/engines/k6-summary.ts'
import { LiveSeries } from '../../../src/engines/live-series.ts'
import { decodeWriteRequest, encodeWriteRequest } from '../../../src/engines/write-request.ts'
import { fakeJob } from '../../contract/fake-backend/job.ts'
import { counterSeries, histogramSeries } from './k6-push.ts'

const START = 1_790_000_000_000
const exact = { min: 1, max: 1, p50: 1, p90: 1, p95: 1, p99: 1, p999: 1 }

function summary(change: Partial<K6Summary> = {}): K6Summary {
  return {
    counters: { attempted: 200, completed: 200, transport: 0, threw: 0 },
    dropped: 0,
    maxUsers: 5,
    series: [{ series: 'oneTap', outcome: 'granted', count: 200, exact }],
    ...change,
  }
}

function liveWith(attempted: number): LiveSeries {
  const live = new LiveSeries()
  const series = [
    counterSeries('ot_started_at_ms', START),
    counterSeries('ot_attempted_total', attempted),
    histogramSeries('ot_oneTap_granted', [[0, attempted]]),
  ]
  live.add(decodeWriteRequest(encodeWriteRequest({ timeseries: series })), START + 1000)
  return live
}

function ending(change: Partial<K6Ending> = {}): K6Ending {
  return {
    job: fakeJob('http://127.0.0.1:9'),
    binary: { path: 'k6', version: '2.2.0', from: 'named' },
    live: liveWith(200),
    refusedPushes: 0,
    summary: summary(),
    exitCode: 0,
    instances: [{ index: 0, reported: true, finished: true, exitCode: 0, attempted: 200 }],
    stop: undefined,
    fallbackStartMs: START - 500,
    endedMs: START + 9000,
    lastPushMs: START + 1000,
    cpuShare: 0.2,
    notGranted: [],
    lastWords: '',
    ...change,
  }
}

const codes = (e: { trouble: { code: string }[] }) => e.trouble.map(t => t.code)

describe('the evidence of a k6 run', () => {
  it('of a run to its end holds the exact figures and no trouble', () => {
    const evidence = k6Evidence(ending())
    expect(evidence).toMatchObject({
      startedAtMs: START,
      durationMs: 2000,
      offeredPerSecond: 100,
      plannedArrivals: 200,
      attempted: 200,
      end: { reason: 'finished', exitCode: 0 },
      trouble: [],
    })
    expect(evidence.totals).toMatchObject([{ count: 200, exact, histogram: { count: 200 } }])
  })

  it('of a killed k6 keeps what the live channel had told until then', () => {
    const evidence = k6Evidence(ending({ summary: undefined, exitCode: 1, live: liveWith(90) }))
    expect(evidence).toMatchObject({ attempted: 90, durationMs: 1000, end: { reason: 'engine-died' } })
    expect(evidence.totals[0]).toMatchObject({ count: 90 })
    expect(evidence.totals[0]).not.toHaveProperty('exact')
    expect(codes(evidence)).toEqual(['ENGINE_FAILED'])
  })

  it.each([
    [107, 'exception'],
    [104, 'options'],
    [null, 'killed'],
  ])('is none when k6 ends with %s before measuring anything', (exitCode, word) => {
    const live = new LiveSeries()
    const run = () => k6Evidence(ending({ summary: undefined, live, exitCode, lastWords: 'its last words' }))
    expect(run).toThrow(HarnessError)
    expect(run).toThrow(word)
  })

  it('of a run we stopped ends when we stopped it', () => {
    const evidence = k6Evidence(ending({ exitCode: 103, stop: { reason: 'stopped', atMs: START + 700 } }))
    expect(evidence).toMatchObject({ durationMs: 700, end: { reason: 'stopped' }, trouble: [] })
  })

  it('of a stop before the first visit is empty and no error', () => {
    const none = summary({ counters: { attempted: 0, completed: 0, transport: 0, threw: 0 }, series: [] })
    const evidence = k6Evidence(
      ending({ live: new LiveSeries(), summary: none, exitCode: 103, stop: { reason: 'stopped', atMs: START - 900 } }),
    )
    expect(evidence).toMatchObject({ attempted: 0, durationMs: 0, totals: [], end: { reason: 'stopped' } })
  })

  it('names a dead target', () => {
    const evidence = k6Evidence(ending({ exitCode: 103, stop: { reason: 'target-died', atMs: START + 700 } }))
    expect(evidence.end.reason).toBe('target-died')
    expect(codes(evidence)).toEqual(['TARGET_DIED'])
  })

  it('of a k6 that would not end is that of a dead engine', () => {
    const evidence = k6Evidence(ending({ exitCode: 103, stop: { reason: 'overdue', atMs: START + 700 } }))
    expect(evidence.end.reason).toBe('engine-died')
    expect(evidence.trouble[0]?.message).toContain('did not end in time')
  })

  it('of a k6 somebody else stopped is not that of a finished run', () => {
    expect(k6Evidence(ending({ exitCode: 105 })).end.reason).toBe('engine-died')
  })

  it('says when visits threw, and when the two channels count differently', () => {
    const counters = { attempted: 200, completed: 200, transport: 0, threw: 3 }
    const series: K6Summary['series'] = [{ series: 'oneTap', outcome: 'granted', count: 201, exact }]
    const messages = k6Evidence(ending({ summary: summary({ counters, series }) })).trouble.map(t => t.message)
    expect(messages).toEqual([expect.stringContaining('3 visits'), expect.stringContaining('k6 counted 201')])
  })
})
