import type { GateExpression, GateFigure } from '../../contract/gate-expression.ts'
import { exhaustive } from '../../contract/json.ts'
import type { Settled } from './expression-gate.ts'
import type { GateEvidence } from './gate-evidence.ts'
import { holds, type Interval, shareInterval } from './interval.ts'
import { nothing } from './load-gate.ts'
import { samplesNeeded } from './reading.ts'
import { figureText, unitOf, valueText } from './words.ts'

type MeasureFigure = Extract<GateFigure, { kind: 'carrier-calls' | 'revocation' }>
interface Measured {
  value: number
  samples: number
  /** Where the truth about what was seen lies; its upper end is endless for what was watched to the end of the watch. */
  interval: Interval
  /** All that was seen of a distribution, ascending. */
  values?: readonly number[]
}

/** A budget on what an attack measured beside its verdict. A run without that attack has nothing to show: inconclusive. */
export function judgeMeasureGate(
  gate: GateExpression & { figure: MeasureFigure },
  asked: number,
  evidence: GateEvidence,
): Settled {
  const { figure } = gate
  const limit = gate.bound.kind === 'value' ? gate.bound.value : 0
  const name = figureText(figure)
  const needed = Math.max(asked, samplesNeeded(figure, limit))
  const found = read(figure, evidence)
  if (found === undefined) return nothing(`This run did not measure ${name}: ${sourceOf(figure)}.`, needed)
  const unit = unitOf(figure)
  const settled = (outcome: Settled['outcome'], text: string): Settled => ({
    outcome,
    text,
    observed: found.value,
    samples: found.samples,
    minSamples: needed,
    figureError: 0,
  })
  const says = `${name} was ${valueText(found.value, unit)}${found.interval.high === Number.POSITIVE_INFINITY ? ' or more' : ''} over ${found.samples} samples`
  const against = `${gate.comparator} ${valueText(limit, unit)}`
  const verdict = holds(found.interval, gate.comparator, { low: limit, high: limit })
  if (verdict === 'fail' && (found.samples >= needed || surelyCrossed(gate, found, limit))) {
    return settled('fail', `${says}: ${against} does not hold.`)
  }
  if (found.samples < needed) return settled('inconclusive', `${says}: too few, ${needed} are needed.`)
  return verdict === 'pass'
    ? settled('pass', `${says}: ${against} holds.`)
    : settled('inconclusive', `${says}, and whether ${against} holds was not watched long enough to tell.`)
}

function sourceOf(figure: MeasureFigure): string {
  if (figure.kind === 'revocation') return 'run the attack nr-reissue-level'
  return figure.per === 'forged' ? 'run the attack do-attack-cost' : 'its load keeps no account of calls for each login'
}

function read(figure: MeasureFigure, evidence: GateEvidence): Measured | undefined {
  switch (figure.kind) {
    case 'carrier-calls':
      return figure.per === 'forged' ? forgedCalls(evidence) : undefined
    case 'revocation':
      return revocation(figure.stat, evidence)
    default:
      return exhaustive(figure)
  }
}

/** Over all kinds of forgery that were tried. */
function forgedCalls({ figures }: GateEvidence): Measured | undefined {
  const kinds = figures.attackCost?.perForged ?? []
  const requests = kinds.reduce((sum, one) => sum + one.requests, 0)
  if (requests === 0) return undefined
  const value = kinds.reduce((sum, one) => sum + one.carrierCalls, 0) / requests
  return { value, samples: requests, interval: { low: value, high: value } }
}

/** With notices delivered. What still worked when watching ended takes longer than was watched. */
function revocation(
  stat: Extract<MeasureFigure, { kind: 'revocation' }>['stat'],
  { figures }: GateEvidence,
): Measured | undefined {
  const series = figures.reissueLevel?.series.find(one => one.notices === 'delivered')
  if (series === undefined) return undefined
  const alive = Array.from({ length: series.stillAlive }, () => Number.POSITIVE_INFINITY)
  const values = [...series.lastAcceptedMs.slice(0, series.lastAcceptedMs.length - countCut(series)), ...alive]
  const q = stat === 'min' ? 0 : stat === 'max' ? 1 : stat.quantile
  const value = values[Math.max(0, Math.ceil(q * values.length - 1e-9) - 1)]
  if (value === undefined) return undefined
  const shown = Math.min(value, series.watchedMs)
  return { value: shown, samples: values.length, interval: { low: shown, high: value }, values }
}

/** Times cut at the end of the watch belong to credentials that were still alive, and are in the list as well. */
function countCut({
  lastAcceptedMs,
  watchedMs,
  stillAlive,
}: {
  lastAcceptedMs: readonly number[]
  watchedMs: number
  stillAlive: number
}): number {
  return Math.min(stillAlive, lastAcceptedMs.filter(ms => ms >= watchedMs).length)
}

/** With too few samples for a quantile, so many beyond the limit may still rule it out at 95 %. A count that was seen needs no more. */
function surelyCrossed(
  { figure, comparator }: GateExpression & { figure: MeasureFigure },
  { values, samples }: Measured,
  limit: number,
): boolean {
  if (figure.kind === 'carrier-calls') return true
  if (values === undefined || typeof figure.stat === 'string' || (comparator !== '<' && comparator !== '<=')) return false
  return shareInterval(values.filter(ms => ms > limit).length, samples).low > 1 - figure.stat.quantile
}
