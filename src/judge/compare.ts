import { centreOf, chanceAbove, chanceBelow } from './signed-rank.ts'

/** Pairs after which a comparison looks, and the share of error it may spend at each: 5 % in all. */
export const LOOKS: readonly { pairs: number; alpha: number }[] = [
  { pairs: 8, alpha: 0.016 },
  { pairs: 12, alpha: 0.017 },
  { pairs: 16, alpha: 0.017 },
]

/** What is gated, by the same name on both arms. `ratio`: B against A; `difference`: B less A, for shares, where a ratio breaks at zero. */
export interface ComparedMetric {
  id: string
  unit: 'ratio' | 'difference'
  /** How much worse is worse: 0.05 = 5 %, or 0.05 of a share. */
  margin: number
}

/** One arm of one pair: a figure for each metric. */
export type Arm = Readonly<Record<string, number>>

export interface MetricVerdict extends ComparedMetric {
  answer: Answer
  /** Hodges-Lehmann estimate of the change: 0.1 = 10 % more. Null without pairs. */
  change: number | null
  pairs: number
}

/** `same`: no worse than the margin, shown. `worse`: by more than the margin, shown. `unsure`: neither. */
export type Answer = 'same' | 'worse' | 'unsure'

export interface Comparison {
  answer: Answer
  metrics: MetricVerdict[]
  pairs: number
}

/**
 * Looks at the pairs so far; undefined when it is no time to look, or nothing is decided and more pairs are to come. Worse: the test of
 * "no worse than the margin" rejects for any metric, its error shared among them. Same: the test of "worse than the margin" rejects for
 * all of them.
 */
export function look(pairs: readonly { a: Arm; b: Arm }[], metrics: readonly ComparedMetric[]): Comparison | undefined {
  const now = LOOKS.find(one => one.pairs === pairs.length)
  if (now === undefined) return undefined
  const verdicts = metrics.map(metric => verdictOf(metric, changesOf(metric, pairs), now.alpha, metrics.length))
  const answer = overall(verdicts)
  const last = LOOKS.at(-1)?.pairs === pairs.length
  return answer === 'unsure' && !last ? undefined : { answer, metrics: verdicts, pairs: pairs.length }
}

function overall(verdicts: readonly MetricVerdict[]): Answer {
  if (verdicts.some(one => one.answer === 'worse')) return 'worse'
  return verdicts.length > 0 && verdicts.every(one => one.answer === 'same') ? 'same' : 'unsure'
}

/** Changes of the pairs on the scale that is tested: logarithms of ratios, or plain differences. */
function changesOf(metric: ComparedMetric, pairs: readonly { a: Arm; b: Arm }[]): number[] {
  return pairs.flatMap(({ a, b }) => {
    const [before, after] = [a[metric.id], b[metric.id]]
    if (before === undefined || after === undefined) return []
    if (metric.unit === 'difference') return [after - before]
    return before > 0 && after > 0 ? [Math.log(after / before)] : []
  })
}

function verdictOf(metric: ComparedMetric, changes: readonly number[], alpha: number, of: number): MetricVerdict {
  const bound = metric.unit === 'ratio' ? Math.log(1 + metric.margin) : metric.margin
  const centre = centreOf(changes)
  const change = centre === undefined ? null : metric.unit === 'ratio' ? Math.exp(centre) - 1 : centre
  const answer = chanceAbove(changes, bound) <= alpha / of ? 'worse' : chanceBelow(changes, bound) <= alpha ? 'same' : 'unsure'
  return { ...metric, answer, change, pairs: changes.length }
}

/** Order of the arms: ABBA BAAB …, so that a machine that grows slower or warmer favours neither. */
export function armsFirst(pair: number): 'a' | 'b' {
  return [0, 3].includes(pair % 4) ? 'a' : 'b'
}
