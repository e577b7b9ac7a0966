import type { LoadEvidence, SeriesName, SeriesTotal } from '../../contract/engine.ts'
import { faultWindows, touches } from '../../contract/fault-windows.ts'
import type { StepOutcome } from '../../contract/flow.ts'
import type { GateScope } from '../../contract/gate-expression.ts'
import { mergeHistograms } from '../../contract/histogram.ts'
import type { Plan } from '../../contract/plan.ts'
import { pieces } from '../../contract/shape.ts'
import type { OperationId } from '../../contract/target.ts'
import { loginsOf, totalOf } from '../figure.ts'

/** What a budget looks at: the whole measured part of a load, or some seconds of it. */
export interface LoadPart {
  /** Empty for the whole. */
  name: string
  durationMs: number
  /** The operations that are logins here, the judged one first. */
  logins: readonly [OperationId, ...OperationId[]]
  /** Undefined where there was no sample. */
  total(series: SeriesName, outcome: StepOutcome): SeriesTotal | undefined
}

/** The parts that a scope names, or why the evidence cannot show them. */
export function partsOf(load: LoadEvidence, plan: Plan, scope: GateScope): LoadPart[] | { missing: string } {
  const unsplit = notSplit(plan, scope)
  if (unsplit !== undefined) return { missing: unsplit }
  if (scope.while === undefined && scope.phase === undefined && scope.each !== 'phase') return [whole(load)]
  const inTime = secondsWhile(load, plan, scope.while)
  if ('missing' in inTime) return inTime
  const phases = phaseSeconds(load, plan)
  const chosen =
    scope.each === 'phase' ? phases : scope.phase === undefined ? undefined : phases.filter((_, i) => i + 1 === scope.phase)
  if (chosen === undefined) return [someSeconds(load, inTime.seconds, inTime.name)]
  if (chosen.length === 0) return { missing: `The load has ${phases.length} phases, and no phase ${scope.phase}.` }
  return chosen.map(phase => {
    const seconds = phase.seconds.filter(second => inTime.seconds.includes(second))
    return someSeconds(load, seconds, [phase.name, inTime.name].filter(name => name !== '').join(', '))
  })
}

/** One carrier or one scenario is the whole load; of several, the evidence keeps no account by each. */
function notSplit({ load, mocks }: Plan, scope: GateScope): string | undefined {
  const carrierAsked = scope.each === 'carrier' || scope.carrier !== undefined
  if (scope.carrier !== undefined && !mocks.carriers.some(carrier => carrier === scope.carrier))
    return `The run had no carrier ${scope.carrier}.`
  if (carrierAsked && mocks.carriers.length > 1) return 'The evidence of this load is not kept by carrier.'
  if (scope.scenario !== undefined && scope.scenario !== load?.scenario)
    return `The run had no scenario ${scope.scenario}; it ran ${load?.scenario ?? 'none'}.`
  return undefined
}

function whole(load: LoadEvidence): LoadPart {
  return {
    name: '',
    durationMs: load.durationMs,
    logins: loginsOf(load),
    total: (series, outcome) => totalOf(load, series, outcome),
  }
}

/** Merged from the live channel's seconds: exact counts, quantiles as good as the buckets. */
function someSeconds(load: LoadEvidence, seconds: readonly number[], name: string): LoadPart {
  const wanted = new Set(seconds)
  return {
    name,
    durationMs: wanted.size * 1000,
    logins: loginsOf(load),
    total(series, outcome) {
      const mine = load.seconds.filter(one => one.series === series && one.outcome === outcome && wanted.has(one.second))
      if (mine.length === 0) return undefined
      const histogram = mergeHistograms(mine.map(one => one.histogram))
      return { series, outcome, count: histogram.count, histogram }
    },
  }
}

function allSeconds({ durationMs }: LoadEvidence): number[] {
  return Array.from({ length: Math.ceil(durationMs / 1000) }, (_, second) => second)
}

/** Seconds in which a fault was in force, or none was. A second that a fault touches is not calm. */
function secondsWhile(
  load: LoadEvidence,
  { mocks }: Plan,
  word: string | undefined,
): { name: string; seconds: number[] } | { missing: string } {
  const seconds = allSeconds(load)
  if (word === undefined) return { name: '', seconds }
  const all = faultWindows(mocks, load.durationMs)
  const windows =
    word === 'fault' || word === 'calm' ? all.filter(window => !window.always) : all.filter(({ name }) => name === word)
  if (windows.length === 0) {
    const none = 'No fault of the plan begins or ends during the load, so no time of it is told from another.'
    return { missing: word === 'fault' || word === 'calm' ? none : `The plan has no fault ${word} during the load.` }
  }
  const struck = seconds.filter(second => windows.some(window => touches(window, second)))
  const chosen = word === 'calm' ? seconds.filter(second => !struck.includes(second)) : struck
  return { name: `while ${word}`, seconds: chosen }
}

/** A second belongs to the phase in which its middle lies. */
function phaseSeconds(load: LoadEvidence, plan: Plan): { name: string; seconds: number[] }[] {
  const seconds = allSeconds(load)
  const shape = plan.load?.shape
  if (shape === undefined || shape.kind === 'closed') return [{ name: 'phase 1', seconds }]
  return pieces(shape).map(({ startMs, durationMs }, i) => ({
    name: `phase ${i + 1}`,
    seconds: seconds.filter(second => second * 1000 + 500 >= startMs && second * 1000 + 500 < startMs + durationMs),
  }))
}
