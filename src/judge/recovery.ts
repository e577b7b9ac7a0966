import type { LoadEvidence } from '../contract/engine.ts'
import type { Mark, Recovery } from '../contract/timeline.ts'
import { type LoadSeconds, loadSeconds } from './load-seconds.ts'

/** What counts as before, as back, and as never. */
export const RECOVERY_RULES = {
  /** Seconds of undisturbed load without which there is nothing to come back to. */
  leastBefore: 3,
  /** Goodput of a second against what it was before, over the arrivals planned for it. */
  backAt: 0.95,
  /** So many seconds in a row must be back: one lucky second is none. */
  stays: 3,
  /** Watched for so long after the fault without being back: the target does not come back by itself. Milliseconds. */
  neverAfterMs: 20_000,
  /** Until then it should be back, unless the plan says another time. Milliseconds. */
  withinMs: 10_000,
} as const

/**
 * One verdict for each mark that ended while the load went on. Goodput is granted logins against the arrivals planned for the second, so
 * that a shape which falls is not taken for a target that fell.
 */
export function judgeRecovery(
  load: LoadEvidence,
  marks: readonly Mark[],
  plannedIn: (second: number) => number,
  withinMs: number = RECOVERY_RULES.withinMs,
): Recovery[] {
  const seconds = loadSeconds(load)
  const whole = Math.floor(load.durationMs / 1000)
  const first = marks[0]
  return marks.flatMap((mark): Recovery[] => {
    const { toMs } = mark
    if (first === undefined || toMs === null || toMs >= load.durationMs) return []
    const next = marks.find(other => other.fromMs >= toMs)
    const goodput = ratioBy(seconds, plannedIn)
    const before = { from: 0, to: Math.floor(first.fromMs / 1000) }
    const watched = { from: Math.ceil(toMs / 1000), to: next === undefined ? whole : Math.floor(next.fromMs / 1000) }
    const common = {
      mark: mark.label,
      withinMs,
      goodputBefore: meanGranted(seconds, before),
      goodputDuring: meanGranted(seconds, { from: Math.floor(mark.fromMs / 1000), to: watched.from }),
      goodputAfter: meanGranted(seconds, { from: Math.max(watched.from, watched.to - 5), to: watched.to }),
    }
    if (before.to - before.from < RECOVERY_RULES.leastBefore || goodput(before) === 0) {
      const text = `${mark.label}: fewer than ${RECOVERY_RULES.leastBefore} seconds of load came before it, so there is nothing to compare with. Begin it later.`
      return [{ ...common, outcome: 'inconclusive', recoveredAfterMs: null, metastable: false, text }]
    }
    const back = backAt(goodput, goodput(before) * RECOVERY_RULES.backAt, watched)
    return [{ ...common, ...ruling(mark, back === undefined ? undefined : Math.max(0, back * 1000 - toMs), withinMs, watched) }]
  })
}

function ruling(
  mark: Mark,
  recoveredAfterMs: number | undefined,
  withinMs: number,
  watched: { from: number; to: number },
): Pick<Recovery, 'outcome' | 'recoveredAfterMs' | 'metastable' | 'text'> {
  const watchedMs = (watched.to - watched.from) * 1000
  if (recoveredAfterMs !== undefined) {
    const outcome = recoveredAfterMs <= withinMs ? 'pass' : 'fail'
    const text = `${mark.label}: goodput was back ${inSeconds(recoveredAfterMs)} after it was over, ${outcome === 'pass' ? 'within' : 'later than'} ${inSeconds(withinMs)}.`
    return { outcome, recoveredAfterMs, metastable: false, text }
  }
  const gone = { recoveredAfterMs: null }
  if (watchedMs >= RECOVERY_RULES.neverAfterMs) {
    const text = `${mark.label}: it was over for ${inSeconds(watchedMs)} and goodput did not come back. The target does not recover by itself (metastable failure).`
    return { ...gone, outcome: 'fail', metastable: true, text }
  }
  if (watchedMs >= withinMs + RECOVERY_RULES.stays * 1000) {
    const text = `${mark.label}: goodput was not back ${inSeconds(watchedMs)} after it was over, later than ${inSeconds(withinMs)}.`
    return { ...gone, outcome: 'fail', metastable: false, text }
  }
  const text = `${mark.label}: goodput was not back when the load ended ${inSeconds(watchedMs)} after it. Let the load go on for longer.`
  return { ...gone, outcome: 'inconclusive', metastable: false, text }
}

/** The first second from which on goodput stays back. */
function backAt(
  goodput: (span: { from: number; to: number }) => number,
  needed: number,
  { from, to }: { from: number; to: number },
): number | undefined {
  for (let second = from; second + RECOVERY_RULES.stays <= to; second++) {
    const run = Array.from({ length: RECOVERY_RULES.stays }, (_, i) => goodput({ from: second + i, to: second + i + 1 }))
    if (run.every(one => one >= needed)) return second
  }
  return undefined
}

/** Granted over planned in a span; a span that plans nothing counts as whole. */
function ratioBy(seconds: LoadSeconds, plannedIn: (second: number) => number): (span: { from: number; to: number }) => number {
  return span => {
    let planned = 0
    for (let second = span.from; second < span.to; second++) planned += plannedIn(second)
    return planned === 0 ? 1 : seconds.logins('granted', span) / planned
  }
}

function meanGranted(seconds: LoadSeconds, span: { from: number; to: number }): number | null {
  return span.to > span.from ? seconds.logins('granted', span) / (span.to - span.from) : null
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
