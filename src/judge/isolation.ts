import { CARRIER_IDS, type CarrierId, isCarrierId } from '../contract/carriers.ts'
import type { LoadEvidence } from '../contract/engine.ts'
import { quantile } from '../contract/histogram.ts'
import { addedSeries } from '../contract/series.ts'
import type { Isolation, Mark } from '../contract/timeline.ts'
import { percent } from './check.ts'
import { ALL_OUTCOMES, loadSeconds } from './load-seconds.ts'

export const ISOLATION_LIMITS = { slowerMs: 100, failedShare: 0.01, leastSamples: 50 } as const

/**
 * One verdict for each mark that is about some of the run's carriers: were the users of the others slowed, or turned away? Compared
 * is what the backend added to their logins, in which the carriers' own time is not, before the first mark and during this one.
 */
export function judgeIsolation(load: LoadEvidence, marks: readonly Mark[], carriers: readonly CarrierId[]): Isolation[] {
  const seconds = loadSeconds(load)
  const first = marks[0]
  return marks.flatMap((mark): Isolation[] => {
    const hit = (mark.providers ?? []).filter(isCarrierId)
    const others = CARRIER_IDS.filter(id => carriers.includes(id) && !hit.includes(id))
    if (first === undefined || hit.length === 0 || others.length === 0) return []
    const series = others.map(addedSeries)
    const before = { from: 0, to: Math.floor(first.fromMs / 1000) }
    const during = {
      from: Math.ceil(mark.fromMs / 1000),
      to: Math.floor(Math.min(mark.toMs ?? load.durationMs, load.durationMs) / 1000),
    }
    const [calm, hurt] = [before, during].map(span => seconds.histogram(series, ['granted'], span))
    const [p95Before, p95During] = [calm, hurt].map(one => (one === undefined ? undefined : quantile(one, 0.95)))
    const ended = seconds.histogram(series, ALL_OUTCOMES, during).count
    const failed = seconds.histogram(series, ['refused', 'failed'], during).count
    const slowerByMs = p95Before === undefined || p95During === undefined ? null : p95During - p95Before
    const common = {
      mark: mark.label,
      carriers: hit,
      others,
      addedP95BeforeMs: p95Before ?? null,
      addedP95DuringMs: p95During ?? null,
      slowerByMs,
      slowerLimitMs: ISOLATION_LIMITS.slowerMs,
      failedShare: ended === 0 ? null : failed / ended,
      failedLimit: ISOLATION_LIMITS.failedShare,
    }
    return [{ ...common, ...ruling(common, calm?.count ?? 0, ended) }]
  })
}

function ruling(
  { mark, others, addedP95BeforeMs, addedP95DuringMs, slowerByMs, failedShare }: Omit<Isolation, 'outcome' | 'text'>,
  samplesBefore: number,
  samplesDuring: number,
): Pick<Isolation, 'outcome' | 'text'> {
  const who = others.join(' and ')
  const { slowerMs, failedShare: failedLimit, leastSamples } = ISOLATION_LIMITS
  if (samplesBefore < leastSamples || samplesDuring < leastSamples || failedShare === null) {
    const text = `${mark}: ${samplesBefore} logins of ${who} before it and ${samplesDuring} during it are too few to tell whether they were slowed; ${leastSamples} each are needed.`
    return { outcome: 'inconclusive', text }
  }
  const failing = `${percent(failedShare)} of them were refused or failed`
  if (slowerByMs === null) return { outcome: 'fail', text: `${mark}: nobody of ${who} was let in; ${failing}.` }
  const figures = `logins of ${who} took ${Math.abs(slowerByMs).toFixed(1)} ms ${slowerByMs < 0 ? 'less' : 'more'} at p95 (backend-added ${(addedP95BeforeMs ?? 0).toFixed(1)} → ${(addedP95DuringMs ?? 0).toFixed(1)} ms), ${failing}`
  return slowerByMs <= slowerMs && failedShare <= failedLimit
    ? { outcome: 'pass', text: `${mark}: the others were left alone: ${figures}.` }
    : { outcome: 'fail', text: `${mark}: it reached the others: ${figures}.` }
}
