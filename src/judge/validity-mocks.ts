import { quantile } from '../contract/histogram.ts'
import type { JournalTotals } from '../contract/journal.ts'
import { type Check, makeCheck, skippedCheck } from './check.ts'

/** How far the mock's real delay may be from the intended one, milliseconds; beyond it `backend_added` blames the backend for the mock. */
export const MOCK_LIMITS = { delayErrorP50Ms: 0.7, delayErrorP99Ms: 3 } as const

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
