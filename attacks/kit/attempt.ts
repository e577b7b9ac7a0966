import type { Exchange, Lab, Possession, Tamper } from '../../src/contract/attack.ts'
import type { OneTapInput, Reading } from '../../src/contract/target.ts'
import { fingerprint } from './fingerprint.ts'

/** One forged or replayed login and what came of it. Plain JSON: part of saved observations. */
export type Attempt = {
  variant: string
  /** Last exchange; earlier tries had no clear answer. */
  exchange: number
  status: number
  reading: Reading['kind']
  /** Account that a credential found in the reply opened, and that credential's fingerprint. Null: nothing worked. */
  account: string | null
  session: string | null
  tries: number
  /** Journal rows of calls made with the tokens of this attempt. */
  calls: number[]
}

/** A login to try and the token texts that would betray a carrier call for it. */
export interface Crafted {
  input: OneTapInput
  watch: readonly string[]
  /** What no honest client would send. */
  tamper?: Tamper
}

/** An attempt whose journal has not been read yet. */
export interface OpenAttempt {
  attempt: Attempt
  watch: string[]
}

const TRIES = 3
const PAUSE_MS = 250

/**
 * Tries a login. No clear answer (no reply, 429, 5xx, a bare 200) is asked again with fresh values up to three times, so that a
 * strict limiter or an honest 503 is not taken for an answer and a crash counts only when it repeats.
 */
export async function attemptLogin(lab: Lab, variant: string, craft: () => Promise<Crafted>): Promise<OpenAttempt> {
  const watch: string[] = []
  for (let tries = 1; ; tries++) {
    const crafted = await craft()
    watch.push(...crafted.watch)
    const exchange = await lab.send('oneTap', crafted.input, crafted.tamper)
    const got = await lab.possess(exchange)
    const attempt = attemptOf(variant, exchange, got, tries)
    if (got !== undefined || isRefusal(attempt) || tries === TRIES) return { attempt, watch }
    // A crash repeats at once if it repeats; only limits and outages need time.
    if (!isCrash(attempt)) await lab.eventually(async () => false, PAUSE_MS)
  }
}

/** An exchange and what was found in its reply, as an attempt without calls. */
export function attemptOf(variant: string, { id, status, reading }: Exchange, got: Possession | undefined, tries = 1): Attempt {
  const session = got === undefined ? null : fingerprint(got.credential)
  return { variant, exchange: id, status, reading: reading.kind, account: got?.account ?? null, session, tries, calls: [] }
}

/** Reads the carriers' journals once for all attempts and books the calls. */
export async function withCalls(lab: Lab, open: readonly OpenAttempt[]): Promise<Attempt[]> {
  const rows = await lab.carrierCalls([...new Set(open.flatMap(({ watch }) => watch))])
  return open.map(({ attempt, watch }) => ({
    ...attempt,
    calls: rows.filter(row => watch.includes(row.token)).map(row => row.seq),
  }))
}

/** A plain no. 429 is none: the limiter spoke, not the control under test. */
export function isRefusal({ reading, status }: Pick<Attempt, 'reading' | 'status'>): boolean {
  return reading === 'refused' && status !== 429 && status < 500
}

/** The target broke: any 5xx but the honest 502, 503 and 504 of a backend whose carrier or self is unavailable. */
export function isCrash({ status }: Pick<Attempt, 'status'>): boolean {
  return status >= 500 && ![502, 503, 504].includes(status)
}
