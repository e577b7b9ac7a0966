import type { LoadEvidence, SeriesName, SeriesSecond, SeriesTotal } from '../../src/contract/engine.ts'
import type { StepOutcome } from '../../src/contract/flow.ts'
import { histogramOf } from '../../src/contract/histogram.ts'
import type { JournalTotals } from '../../src/contract/journal.ts'
import { drawLatencyUs, latencyTable } from '../../src/contract/latency.ts'
import type { Plan } from '../../src/contract/plan.ts'
import { seededRng } from '../../src/contract/rng.ts'

/** How the made-up backend behaves in a second of the load. */
export interface Weather {
  /** Median of what the backend adds, ms, and how widely it scatters (sigma of the logarithm). */
  addedMs: number
  scatter: number
  /** Shares of exchanges. */
  failed: number
  refused: number
}

interface SampleLoad {
  plan: Plan
  seconds: number
  ratePerSecond: number
  carrierFailedShare: number
  weather(second: number): Weather
  startedAtMs: number
}

/** Draws a load second by second, the same each time: what a real one would leave in the ledger. */
export function sampleLoad(sample: SampleLoad): { load: LoadEvidence; carrier: JournalTotals } {
  const { plan, seconds, ratePerSecond } = sample
  const rng = seededRng(plan.seed)
  const unit = (): number => (rng.u32() + 0.5) / 0x1_0000_0000
  const table = latencyTable(plan.mocks.latency, plan.seed)
  const values = new Map<string, number[]>()
  const put = (second: number, series: SeriesName, outcome: StepOutcome, ms: number): void => {
    for (const key of [`all/${series}/${outcome}`, `${second}/${series}/${outcome}`]) {
      const list = values.get(key)
      if (list === undefined) values.set(key, [ms])
      else list.push(ms)
    }
  }
  const intendedMs: number[] = []
  const delayErrorMs: number[] = []
  let index = 0
  for (let second = 0; second < seconds; second++) {
    const { addedMs, scatter, failed, refused } = sample.weather(second)
    for (let i = 0; i < ratePerSecond; i++, index++) {
      const carrierMs = drawLatencyUs(table, index, 0) / 1000
      // The logistic distribution is near enough to the normal one and needs one draw.
      const u = unit()
      const added = addedMs * Math.exp((scatter * Math.log(u / (1 - u))) / 1.7)
      const fate = unit()
      const outcome: StepOutcome =
        fate < failed
          ? 'failed'
          : fate < failed + refused
            ? 'refused'
            : unit() < sample.carrierFailedShare
              ? 'carrier-failed'
              : 'granted'
      put(second, 'nonce', 'granted', 0.6 + added * 0.15)
      put(second, 'oneTap', outcome, outcome === 'refused' ? added : carrierMs + added)
      if (outcome !== 'refused') {
        intendedMs.push(carrierMs)
        delayErrorMs.push(0.08 + 0.4 * unit() ** 3)
      }
      if (outcome === 'granted') {
        put(second, 'backend_added', 'granted', added)
        put(second, 'me', 'granted', 0.5 + added * 0.1)
      }
    }
  }
  return { load: loadOf(sample, values, index), carrier: carrierOf(values, intendedMs, delayErrorMs) }
}

function loadOf(sample: SampleLoad, values: ReadonlyMap<string, number[]>, arrivals: number): LoadEvidence {
  const totals: SeriesTotal[] = []
  const seconds: SeriesSecond[] = []
  for (const [key, ms] of values) {
    const [when = '', series, outcome] = key.split('/') as [string, SeriesName, StepOutcome]
    if (when === 'all') totals.push({ series, outcome, count: ms.length, exact: exactOf(ms), histogram: histogramOf(ms) })
    else seconds.push({ second: Number(when), series, outcome, histogram: histogramOf(ms) })
  }
  return {
    engine: { id: 'k6', version: '2.2.0', model: 'open' },
    scenario: 'one-tap-login',
    startedAtMs: sample.startedAtMs,
    durationMs: sample.seconds * 1000,
    offeredPerSecond: sample.ratePerSecond,
    plannedArrivals: arrivals,
    attempted: arrivals,
    completed: arrivals,
    dropped: 0,
    transportErrors: 0,
    totals,
    seconds,
    generator: { cpuShare: 0.31, maxUsers: 84, notes: [] },
    end: { exitCode: 0, reason: 'finished' },
    trouble: [],
  }
}

function exactOf(ms: readonly number[]): NonNullable<SeriesTotal['exact']> {
  const sorted = [...ms].sort((a, b) => a - b)
  const nth = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0
  return { min: nth(0), max: nth(1), p50: nth(0.5), p90: nth(0.9), p95: nth(0.95), p99: nth(0.99), p999: nth(0.999) }
}

function carrierOf(values: ReadonlyMap<string, number[]>, intendedMs: number[], delayErrorMs: number[]): JournalTotals {
  const count = (outcome: StepOutcome): number => values.get(`all/oneTap/${outcome}`)?.length ?? 0
  const [granted, told] = [count('granted'), count('carrier-failed')]
  const third = Math.floor(granted / 3)
  return {
    calls: intendedMs.length,
    redeemed: granted,
    billed: granted,
    byResult: {
      'china-mobile/103000': granted - 2 * third,
      'china-unicom/0': third,
      'china-telecom/0': third,
      ...(told === 0 ? {} : { 'china-mobile/503': told }),
    },
    faults: told === 0 ? {} : { 'error-rate': told },
    delayErrorMs: histogramOf(delayErrorMs),
    intendedMs: histogramOf(intendedMs),
  }
}
