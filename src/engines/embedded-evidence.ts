import { createRequire } from 'node:module'
import type { GeneratorInstance, LoadEvidence, LoadJob, SeriesTotal } from '../contract/engine.ts'
import { HarnessError, type HarnessErrorRecord } from '../contract/errors.ts'
import { mergeHistograms, quantile } from '../contract/histogram.ts'
import { meanPerSecond, plannedArrivals } from '../contract/shape.ts'
import type { GeneratorEnding, GeneratorTick } from './embedded-messages.ts'
import type { GeneratorProcess } from './embedded-process.ts'
import { mergedSeconds, totalsOf } from './series-totals.ts'

/** Why the generators were told to end early; `overdue`: they should long have ended by themselves. */
export interface EmbeddedStop {
  reason: 'stopped' | 'target-died' | 'overdue' | 'generator-died'
  atMs: number
}

/** All that is known when the last generator has ended. Times are epoch milliseconds. */
export interface EmbeddedRun {
  job: LoadJob
  generators: readonly Pick<GeneratorProcess, 'segment' | 'last' | 'ending' | 'slices' | 'lastWords'>[]
  exitCodes: readonly (number | null)[]
  stop: EmbeddedStop | undefined
  measuredFromMs: number
  endedMs: number
  cpuShare: number | null
}

/** The evidence of all generators as that of one load. Throws ENGINE_FAILED when they ended by themselves without measuring anything. */
export function embeddedEvidence(run: EmbeddedRun): LoadEvidence {
  const { job, generators, stop } = run
  const { shape } = job.plan
  const sum = (count: (tick: GeneratorTick) => number): number =>
    generators.reduce((total, { last }) => total + (last === undefined ? 0 : count(last)), 0)
  const attempted = sum(tick => tick.attempted)
  const reason = endReason(stop)
  if (reason === 'engine-died' && attempted === 0) throw neverStarted(run)
  const overMs = stop?.atMs ?? Number.POSITIVE_INFINITY
  const seconds = mergedSeconds(generators.flatMap(generator => generator.slices()))
  const endings = generators.flatMap(({ ending }) => ending ?? [])
  return {
    engine: { id: 'embedded', version: undiciVersion(), model: shape.kind === 'closed' ? 'closed' : 'open' },
    scenario: job.plan.scenario,
    ...(job.logins === undefined ? {} : { logins: job.logins }),
    startedAtMs: Math.round(run.measuredFromMs),
    durationMs: Math.round(Math.max(0, Math.min(shape.durationMs, overMs - run.measuredFromMs))),
    offeredPerSecond: meanPerSecond(shape),
    plannedArrivals: plannedArrivals(shape) ?? null,
    attempted,
    completed: sum(tick => tick.completed),
    dropped: sum(tick => tick.dropped),
    transportErrors: sum(tick => tick.transport),
    notGranted: endings.flatMap(ending => ending.notGranted).sort((a, b) => a - b),
    totals: withExact(totalsOf(seconds), endings, generators.length),
    seconds,
    generator: generatorFacts(run, endings),
    end: { exitCode: run.exitCodes.find(code => code !== 0) ?? run.exitCodes[0] ?? null, reason },
    trouble: trouble(
      run,
      reason,
      sum(tick => tick.threw),
    ),
  }
}

function endReason(stop: EmbeddedStop | undefined): LoadEvidence['end']['reason'] {
  if (stop === undefined) return 'finished'
  return stop.reason === 'stopped' || stop.reason === 'target-died' ? stop.reason : 'engine-died'
}

/** Exact quantiles of several generators do not add up to those of the whole; there the merged histogram speaks. */
function withExact(totals: SeriesTotal[], endings: readonly GeneratorEnding[], generators: number): SeriesTotal[] {
  const only = endings[0]
  if (generators !== 1 || only === undefined) return totals
  return totals.map(total => {
    const exact = only.exact.find(({ series, outcome }) => series === total.series && outcome === total.outcome)?.figures
    return exact === undefined ? total : { ...total, exact }
  })
}

function generatorFacts(run: EmbeddedRun, endings: readonly GeneratorEnding[]): LoadEvidence['generator'] {
  const { generators, exitCodes, cpuShare, stop } = run
  const late = mergeHistograms(endings.map(ending => ending.lateness))
  const [p50, p99] = [quantile(late, 0.5), quantile(late, 0.99)]
  const instances = generators.map(
    ({ segment, last, ending }, i): GeneratorInstance => ({
      index: segment.index,
      reported: (last?.attempted ?? 0) > 0,
      finished: ending !== undefined,
      exitCode: exitCodes[i] ?? null,
      attempted: last?.attempted ?? 0,
    }),
  )
  const connections = endings.reduce((sum, ending) => sum + ending.connections, 0)
  const notes = [`undici ${undiciVersion()} on Node ${process.versions.node}, ${connections} connections`]
  if (stop?.reason === 'stopped') notes.push('stopped before the end of the plan')
  return {
    cpuShare,
    maxUsers: endings.reduce((sum, ending) => sum + ending.mostUsers, 0),
    ...(p50 === undefined || p99 === undefined
      ? {}
      : { latenessMs: { p50, p99, max: Math.max(...endings.map(ending => ending.latenessMaxMs)) } }),
    ...(endings.length === 0 ? {} : { loopDelayP99Ms: Math.max(...endings.map(ending => ending.loopDelayP99Ms)) }),
    instances,
    notes,
  }
}

function trouble(run: EmbeddedRun, reason: LoadEvidence['end']['reason'], threw: number): HarnessErrorRecord[] {
  const found: HarnessErrorRecord[] = []
  if (reason === 'engine-died') found.push(died(run))
  if (reason === 'target-died') {
    const message = `${run.job.baseUrl} gave no reply to any request for three seconds; the load was ended early`
    found.push({ code: 'TARGET_DIED', message })
  }
  if (threw > 0) {
    const message = `${threw} visits ended in an exception of the scenario or the target module`
    found.push({ code: 'ENGINE_FAILED', message })
  }
  return found
}

function died({ generators, exitCodes, stop }: EmbeddedRun): HarnessErrorRecord {
  const dead = generators.findIndex(({ ending }) => ending === undefined)
  const words = generators[dead]?.lastWords() ?? ''
  const how =
    stop?.reason === 'overdue' ? 'did not end in time and was stopped' : `ended early with exit code ${exitCodes[dead] ?? 'none'}`
  const message = `generator ${dead + 1} of ${generators.length} ${how}; its share of the load is missing from there on`
  return { code: 'ENGINE_FAILED', message, ...(words === '' ? {} : { hint: words }) }
}

function neverStarted(run: EmbeddedRun): HarnessError {
  const { message, hint } = died(run)
  return new HarnessError('ENGINE_FAILED', `${message}; nothing was measured`, hint === undefined ? {} : { hint })
}

function undiciVersion(): string {
  const { version } = createRequire(import.meta.url)('undici/package.json') as { version: string }
  return version
}
