import { quantile } from '../contract/histogram.ts'
import type { JournalTotals } from '../contract/journal.ts'
import { type Check, makeCheck, skippedCheck } from './check.ts'

/**
 * How far the mock's real delay may be from the intended one, milliseconds, before the run is not worth judging. Below that, lateness
 * is a margin of error of each latency budget (`latenessMs`): it can only make a backend look slower, never faster.
 */
export const MOCK_LIMITS = { delayErrorP50Ms: 5, delayErrorP99Ms: 100 } as const

/** What the carriers' lateness may have added to a login's time, milliseconds: its p99, at least 0. Unknown lateness adds nothing known. */
export function latenessMs(carrier: JournalTotals | null | undefined): number {
  const late = carrier === null || carrier === undefined ? undefined : quantile(carrier.delayErrorMs, 0.99)
  return Math.max(0, late ?? 0)
}

/** Did the carriers do what the generator took for granted, and were they really asked? */
export function mockChecks(carrier: JournalTotals | null, granted: number): Check[] {
  if (carrier === null) {
    return [
      makeCheck(
        'carrier-calls',
        false,
        'no journal',
        `>= ${granted}`,
        '',
        'The carriers left no journal: nothing shows that they were asked.',
      ),
    ]
  }
  return [
    makeCheck(
      'carrier-calls',
      carrier.calls >= granted,
      String(carrier.calls),
      `>= ${granted}`,
      'Each granted login had a call to a carrier.',
      'More logins were granted than calls reached the carriers: the path under test was not walked.',
    ),
    delay(carrier, 'p50', 0.5, MOCK_LIMITS.delayErrorP50Ms),
    delay(carrier, 'p99', 0.99, MOCK_LIMITS.delayErrorP99Ms),
  ]
}

function delay(carrier: JournalTotals, name: string, q: number, limitMs: number): Check {
  // Whether the carriers had to be called at all is the check above; without a call there is no lateness either.
  if (carrier.calls === 0) return skippedCheck(`mock-delay-${name}`, 'no calls', `<= ${limitMs} ms`, 'No carrier was called.')
  const errorMs = quantile(carrier.delayErrorMs, q)
  return makeCheck(
    `mock-delay-${name}`,
    errorMs !== undefined && errorMs <= limitMs,
    errorMs === undefined ? 'no samples' : `${errorMs.toFixed(2)} ms`,
    `<= ${limitMs} ms`,
    `The carriers kept their intended delay (${name}).`,
    `The carriers were later than intended (${name}): their lateness would be charged to the backend.`,
  )
}
