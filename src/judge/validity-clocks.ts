import type { LoadWatch } from '../contract/evidence.ts'
import type { JournalTotals } from '../contract/journal.ts'
import { type Check, makeCheck, skippedCheck } from './check.ts'

/** How late the mocks' event loop may be (p99), and how far a clock may jump, before a run is not judged. Milliseconds. */
export const CLOCK_LIMITS = { mocksLoopP99Ms: 100, clockJumpMs: 50 } as const

/** Did the mocks keep up, and did time pass evenly? Evidence of before this was noticed is not held back by it. */
export function clockChecks(carrier: JournalTotals | null, watch: LoadWatch | undefined): Check[] {
  return [mocksLoop(carrier), clockJump(watch)]
}

function mocksLoop(carrier: JournalTotals | null): Check {
  const limit = `<= ${CLOCK_LIMITS.mocksLoopP99Ms} ms`
  const delay = carrier?.loopDelayMs
  if (delay === undefined)
    return skippedCheck('mocks-loop', 'not told', limit, 'The mocks did not tell the delay of their event loop.')
  return makeCheck(
    'mocks-loop',
    delay.p99 <= CLOCK_LIMITS.mocksLoopP99Ms,
    `${delay.p99.toFixed(1)} ms`,
    limit,
    'The mocks kept up (p99 of their event loop’s delay).',
    'The mock carriers had too little processor time: what they were late is charged to the backend. Lower the rate, or free processors.',
  )
}

function clockJump(watch: LoadWatch | undefined): Check {
  const limit = `<= ${CLOCK_LIMITS.clockJumpMs} ms`
  if (watch === undefined) return skippedCheck('clock-jump', 'not watched', limit, 'Nobody watched the clock.')
  return makeCheck(
    'clock-jump',
    watch.clockJumpMs <= CLOCK_LIMITS.clockJumpMs,
    `${watch.clockJumpMs.toFixed(1)} ms`,
    limit,
    'The machine’s clock ran evenly.',
    'The machine’s clock was set while the load ran: tokens, schedules and delays no longer meant the same moments. Run again.',
  )
}
