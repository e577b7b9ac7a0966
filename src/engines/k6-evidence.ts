import type { GeneratorInstance, LoadEvidence, LoadJob, SeriesTotal } from '../contract/engine.ts'
import { type ErrorCode, HarnessError, type HarnessErrorRecord } from '../contract/errors.ts'
import { emptyHistogram, quantile } from '../contract/histogram.ts'
import { meanPerSecond, plannedArrivals } from '../contract/shape.ts'
import type { K6Binary } from './k6-binary.ts'
import type { K6Summary } from './k6-summary.ts'
import type { LiveSeries } from './live-series.ts'

/** Why we told k6 to end early; `overdue`: it should long have ended by itself; `generator-died`: one of several did. */
export type StopReason = 'stopped' | 'target-died' | 'overdue' | 'generator-died'

/** All that is known when k6 has ended. Times are epoch milliseconds. */
export interface K6Ending {
  job: LoadJob
  binary: K6Binary
  live: LiveSeries
  refusedPushes: number
  /** Of all generators. */
  summary: K6Summary | undefined
  /** The first that is not of a load that came to its end. */
  exitCode: number | null
  instances: readonly GeneratorInstance[]
  stop: { reason: StopReason; atMs: number } | undefined
  fallbackStartMs: number
  endedMs: number
  lastPushMs: number | undefined
  cpuShare: number | null
  notGranted: number[]
  lastWords: string
}

/** Builds the evidence. Throws ENGINE_FAILED when k6 ended by itself without measuring anything. */
export function k6Evidence(ending: K6Ending): LoadEvidence {
  const { job, live, summary, stop } = ending
  const { shape } = job.plan
  const counters = summary?.counters ?? live.counters
  const reason = endReason(ending)
  if (reason === 'engine-died' && counters.attempted === 0) throw neverStarted(ending)
  const startedAtMs = live.startedAtMs ?? ending.fallbackStartMs
  const overMs = reason === 'engine-died' ? (ending.lastPushMs ?? ending.endedMs) : (stop?.atMs ?? Number.POSITIVE_INFINITY)
  const { lateness, totals } = withoutLateness(seriesTotals(live, summary))
  return {
    engine: { id: 'k6', version: ending.binary.version, model: shape.kind === 'closed' ? 'closed' : 'open' },
    scenario: job.plan.scenario,
    ...(job.logins === undefined ? {} : { logins: job.logins }),
    startedAtMs,
    durationMs: Math.max(0, Math.min(shape.durationMs, overMs - startedAtMs)),
    offeredPerSecond: meanPerSecond(shape),
    plannedArrivals: plannedArrivals(shape) ?? null,
    attempted: counters.attempted,
    completed: counters.completed,
    dropped: summary?.dropped ?? live.dropped,
    transportErrors: counters.transport,
    notGranted: ending.notGranted,
    totals,
    seconds: live.seconds().filter(({ series }) => series !== 'late'),
    generator: {
      cpuShare: ending.cpuShare,
      maxUsers: summary?.maxUsers ?? (shape.kind === 'closed' ? shape.users : job.plan.maxUsers),
      ...(lateness === undefined ? {} : { latenessMs: lateness }),
      instances: [...ending.instances],
      notes: notes(ending),
    },
    end: { exitCode: ending.exitCode, reason },
    trouble: [...trouble(ending, reason, counters.threw), ...lostSamples(totals)],
  }
}

function endReason({ exitCode, stop }: K6Ending): LoadEvidence['end']['reason'] {
  if (stop?.reason === 'stopped' || stop?.reason === 'target-died') return stop.reason
  return stop === undefined && cameToItsEnd(exitCode) ? 'finished' : 'engine-died'
}

/** 99: a threshold was crossed, which ours cannot; 110: a script said it failed. Either way the load ran to its end. */
export function cameToItsEnd(exitCode: number | null): boolean {
  return exitCode === 0 || exitCode === 99 || exitCode === 110
}

function seriesTotals(live: LiveSeries, summary: K6Summary | undefined): SeriesTotal[] {
  const fromLive = live.totals()
  if (summary === undefined) return fromLive.map(t => ({ ...t, count: t.histogram.count }))
  return summary.series.map(({ series, outcome, count, exact }) => {
    const histogram = fromLive.find(t => t.series === series && t.outcome === outcome)?.histogram ?? emptyHistogram()
    return { series, outcome, count, histogram, ...(exact === undefined ? {} : { exact }) }
  })
}

/** How late visits began is about the generator, not about the target: it becomes one figure. */
function withoutLateness(all: readonly SeriesTotal[]): {
  totals: SeriesTotal[]
  lateness: LoadEvidence['generator']['latenessMs']
} {
  const totals = all.filter(({ series }) => series !== 'late')
  const late = all.find(({ series }) => series === 'late')
  if (late === undefined) return { totals, lateness: undefined }
  const at = (q: number): number => quantile(late.histogram, q) ?? 0
  const { p50 = at(0.5), p99 = at(0.99), max = at(1) } = late.exact ?? {}
  return { totals, lateness: { p50, p99, max } }
}

function trouble(ending: K6Ending, reason: LoadEvidence['end']['reason'], threw: number): HarnessErrorRecord[] {
  const found: HarnessErrorRecord[] = []
  const tell = (code: ErrorCode, message: string, hint?: string): void => {
    found.push({ code, message, ...(hint === undefined ? {} : { hint }) })
  }
  if (reason === 'engine-died') {
    const how = ending.stop?.reason === 'overdue' ? 'did not end in time and was stopped' : meaning(ending.exitCode)
    const who = ending.instances.length > 1 ? `${deadOne(ending)} of ${ending.instances.length} k6` : 'k6'
    tell('ENGINE_FAILED', `${who} ${how}; the figures end where it did`, ending.lastWords === '' ? undefined : ending.lastWords)
  }
  if (reason === 'target-died') {
    tell('TARGET_DIED', `${ending.job.baseUrl} gave no reply to any request for three seconds; the load was ended early`)
  }
  if (threw > 0) {
    tell(
      'ENGINE_FAILED',
      `${threw} visits ended in an exception of the scenario or the target module`,
      ending.lastWords || undefined,
    )
  }
  return found
}

/** Number of the generator that ended first, for people: from 1. */
function deadOne({ instances }: K6Ending): string {
  const dead = instances.filter(one => !one.finished).map(one => one.index + 1)
  return dead.length === 0 ? 'one' : `number ${dead.join(' and ')}`
}

/** The live channel and the summary must tell of the same samples; where they do not, the histograms are short. */
function lostSamples(totals: readonly SeriesTotal[]): HarnessErrorRecord[] {
  return totals
    .filter(total => total.histogram.count !== total.count)
    .map(total => ({
      code: 'ENGINE_FAILED' as const,
      message: `k6 counted ${total.count} ${total.series} ${total.outcome}, the live channel ${total.histogram.count}`,
    }))
}

function notes({ refusedPushes, summary, stop, binary }: K6Ending): string[] {
  const found = [`k6 ${binary.version} (${binary.from})`]
  if (summary === undefined)
    found.push('k6 wrote no summary: counts and quantiles are those of the live channel, up to its last push')
  if (refusedPushes > 0) found.push(`${refusedPushes} pushes on the live channel could not be read`)
  if (stop?.reason === 'stopped') found.push('stopped before the end of the plan')
  return found
}

function neverStarted({ exitCode, lastWords }: K6Ending): HarnessError {
  return new HarnessError('ENGINE_FAILED', `k6 ${meaning(exitCode)} before it measured anything`, {
    hint: lastWords === '' ? 'Its log is k6.log in the engine folder of the run.' : lastWords,
  })
}

/** k6's exit codes (errext/exitcodes/codes.go of k6 2.2.0). */
function meaning(exitCode: number | null): string {
  switch (exitCode) {
    case 104:
      return 'refused its options (exit code 104)'
    case 106:
      return 'found its control port taken (exit code 106)'
    case 107:
      return 'stopped on an exception in the bundle (exit code 107)'
    case 103:
    case 105:
      return `was stopped by someone else (exit code ${exitCode})`
    case 1:
    case null:
      return 'was killed'
    default:
      return `ended with exit code ${exitCode}`
  }
}
