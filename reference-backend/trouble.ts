import { withoutNumbers } from './msisdn.ts'

const QUIET_MS = 1000
const state = { quietUntilMs: 0, untold: 0 }

/**
 * Writes an error nobody expected to stderr, numbers masked; the client gets a constant sentence instead. One a second, the
 * rest are counted: a store that is away at thousands of requests a second must not be answered with as many stack traces.
 */
export function reportTrouble(error: unknown): void {
  const nowMs = performance.now()
  if (nowMs < state.quietUntilMs) {
    state.untold++
    return
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const more = state.untold === 0 ? '' : ` (and ${state.untold} more since the last)`
  process.stderr.write(`${withoutNumbers(text)}${more}\n`)
  state.quietUntilMs = nowMs + QUIET_MS
  state.untold = 0
}

/** Writes a line that was asked for. */
export function reportLine(text: string): void {
  process.stderr.write(`${text}\n`)
}
