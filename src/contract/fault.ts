import { mixPair, saltOf } from './rng.ts'

/**
 * What goes wrong at the carrier, by share of tokens. Whether a token is hit is a pure function of (seed, rule, token index):
 * the same whatever the concurrency, and known to the generator, which can then tell a failure it caused from the backend's own.
 */
export type FaultRule =
  /** The carrier answers with an error: `http` = status 503 without a body the dialect knows; `business` = HTTP 200 with the carrier's system-error code. */
  | { id: 'error-rate'; share: number; answer: 'http' | 'business' }
  /** The carrier accepts the request and does not answer for `holdMs`, then closes the connection. */
  | { id: 'hang'; share: number; holdMs: number }

/** The rule that hits this token, or undefined. Each rule draws for itself; the first in the list wins. */
export function faultFor(rules: readonly FaultRule[], seed: number, tokenIndex: number): FaultRule | undefined {
  for (let position = 0; position < rules.length; position++) {
    const rule = rules[position]
    if (rule !== undefined && mixPair(mixPair(seed, FAULT_SALT + position), tokenIndex) < rule.share * 0x1_0000_0000) return rule
  }
  return undefined
}

const FAULT_SALT = saltOf('fault')
