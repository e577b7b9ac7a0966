import type { GateExpression } from '../../contract/gate-expression.ts'
import type { Gate } from '../../contract/result.ts'
import { blockingChecks } from '../validity.ts'
import { latenessMs } from '../validity-mocks.ts'
import { type BaselineBound, baselineBound } from './baseline.ts'
import type { Settled } from './expression-gate.ts'
import type { GateEvidence } from './gate-evidence.ts'
import { holds } from './interval.ts'
import { type LoadPart, partsOf } from './load-part.ts'
import { type LoadFigure, type Reading, readFigure, samplesNeeded } from './reading.ts'
import { figureText, unitOf, valueText } from './words.ts'

type LoadGate = GateExpression & { figure: LoadFigure }
/** One part of the load and how the budget came out on it. */
type Part = NonNullable<Gate['parts']>[number] & Pick<Settled, 'text' | 'minSamples' | 'figureError'>

/** A budget on a figure of the load: on the whole, on a time of it, or on each of its parts, of which the worst decides. */
export function judgeLoadGate(gate: LoadGate, asked: number, evidence: GateEvidence): Settled {
  const open = (text: string, minSamples = asked): Settled => nothing(text, minSamples)
  if (evidence.load === undefined) return open('No load was measured.')
  const bound = boundOf(gate, evidence)
  if ('missing' in bound) return open(bound.missing)
  const parts = partsOf(evidence.load, evidence.plan, gate.scope)
  if ('missing' in parts) return open(parts.missing)
  const judged = parts.map(part => judgePart(gate, part, bound, asked, evidence))
  const worst = worstOf(judged, gate.comparator)
  if (worst === undefined) return open('There is no part of the load to look at.')
  const { name: _, ...rest } = worst
  const limit = gate.bound.kind === 'baseline' ? { limit: bound.value, baseline: bound.baseline } : {}
  const told =
    judged.length === 1
      ? {}
      : { parts: judged.map(({ name, outcome, observed, samples }) => ({ name, outcome, observed, samples })) }
  return { ...rest, ...limit, ...told }
}

function boundOf({ bound, figure }: LoadGate, evidence: GateEvidence): BaselineBound | { missing: string } {
  if (bound.kind === 'baseline') return baselineBound(figure, bound.factor, evidence)
  return { value: bound.value, interval: { low: bound.value, high: bound.value }, baseline: null }
}

function judgePart(gate: LoadGate, part: LoadPart, bound: BaselineBound, asked: number, evidence: GateEvidence): Part {
  const { figure } = gate
  const where = part.name === '' ? '' : ` ${part.name}`
  const reading = readFigure(figure, part)
  const minSamples = Math.max(asked, samplesNeeded(figure, bound.value))
  const settled = (outcome: Gate['outcome'], text: string): Part => ({
    name: part.name,
    outcome,
    text,
    observed: reading?.value ?? null,
    samples: reading?.samples ?? 0,
    minSamples,
    figureError: reading === undefined || reading.value === 0 ? 0 : reading.measured.high / reading.value - 1,
  })
  const name = figureText(figure)
  if (reading === undefined) return settled('inconclusive', `There is no sample${where}, so there is no ${name}.`)
  if (reading.samples < minSamples) {
    return settled('inconclusive', `${reading.samples} samples${where} are too few for ${name}: ${minSamples} are needed.`)
  }
  const blocked = blockingChecks(evidence.validity, figure.kind === 'latency' ? 'latency' : 'error-rate').map(check => check.id)
  if (blocked.length > 0) return settled('inconclusive', `Not judged, the evidence is not valid: ${blocked.join(', ')}.`)
  return settled(...ruling(gate, reading, bound, where, evidence))
}

function ruling(
  gate: LoadGate,
  reading: Reading,
  bound: BaselineBound,
  where: string,
  evidence: GateEvidence,
): [Gate['outcome'], string] {
  const unit = unitOf(gate.figure)
  const says = `${figureText(gate.figure)}${where} was ${valueText(reading.value, unit)}`
  const limit = valueText(bound.value, unit)
  const against =
    bound.baseline === null ? limit : `${limit} (baseline ${valueText(bound.baseline, unit)}, one run a side, so indicative)`
  const late = lateness(gate, evidence)
  const figure = bound.baseline === null ? reading.measured : reading.sampled
  switch (holds({ low: figure.low - late, high: figure.high }, gate.comparator, bound.interval)) {
    case 'pass':
      return ['pass', `${says}: ${gate.comparator} ${against} holds.`]
    case 'fail':
      return ['fail', `${says}: ${gate.comparator} ${against} does not hold.`]
    case 'open': {
      const why = bound.baseline === null ? 'the figure’s error' : 'what chance does with so many samples'
      return [
        'inconclusive',
        `${says}, closer to ${against} than ${why}${late === 0 ? '' : ' and the lateness of the mock carriers'}.`,
      ]
    }
  }
}

/** What the mock carriers' own lateness may have added to a login. */
function lateness({ figure }: LoadGate, { carrier }: GateEvidence): number {
  const mixed = figure.kind === 'latency' && ['login', 'oneTap', 'backend_added'].includes(figure.series)
  return mixed ? latenessMs(carrier) : 0
}

const WORSE: readonly Gate['outcome'][] = ['fail', 'error', 'inconclusive', 'not-applicable', 'pass']

/** The part that decides: the worst outcome, and of equals the figure nearest to crossing. */
function worstOf(parts: readonly Part[], comparator: GateExpression['comparator']): Part | undefined {
  const upward = comparator === '>' || comparator === '>='
  const badness = ({ observed }: Part): number => (observed === null ? Number.NEGATIVE_INFINITY : upward ? -observed : observed)
  return [...parts].sort((a, b) => WORSE.indexOf(a.outcome) - WORSE.indexOf(b.outcome) || badness(b) - badness(a))[0]
}

export function nothing(text: string, minSamples: number): Settled {
  return { outcome: 'inconclusive', text, observed: null, samples: 0, minSamples, figureError: 0 }
}
