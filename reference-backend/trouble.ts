import { withoutNumbers } from './msisdn.ts'

/** Writes an error nobody expected to stderr, numbers masked. The client gets a constant sentence instead. */
export function reportTrouble(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`${withoutNumbers(text)}\n`)
}
