import type { Judgement, ProofKind } from '../../src/contract/attack.ts'
import { type Attempt, isCrash, isRefusal } from './attempt.ts'

export function pass(claim: string): Judgement {
  return { outcome: 'pass', claim }
}

export function inconclusive(claim: string): Judgement {
  return { outcome: 'inconclusive', claim }
}

/** A `fail` names its evidence: exchanges of the transcript and rows of the carrier journal. */
export function fail(
  claim: string,
  kind: ProofKind,
  text: string,
  evidence: { exchanges?: readonly number[]; journal?: readonly number[]; expected?: string; observed?: string },
): Judgement {
  const { exchanges = [], journal = [], expected, observed } = evidence
  return {
    outcome: 'fail',
    claim,
    proof: { kind, text, exchanges, journal },
    ...(expected === undefined ? {} : { expected }),
    ...(observed === undefined ? {} : { observed }),
  }
}

/** `a login` / `3 logins`. */
export function count(n: number, noun: string): string {
  return n === 1 ? `one ${noun}` : `${n} ${noun}s`
}

/** Names of variants, each once, at most six. */
export function names(attempts: readonly Attempt[]): string {
  const all = [...new Set(attempts.map(({ variant }) => variant))]
  return all.slice(0, 6).join(', ') + (all.length > 6 ? ` and ${all.length - 6} more` : '')
}

/** No working credential and no plain no. */
export function isUnclear(attempt: Attempt): boolean {
  return attempt.account === null && !isRefusal(attempt)
}

/** Attempts sorted by what they show. */
export interface Sorted {
  gotIn: Attempt[]
  /** Cost more carrier calls than allowed. */
  overspent: Attempt[]
  crashed: Attempt[]
  refused: Attempt[]
  unclear: Attempt[]
}

/** `allowedCalls`: carrier calls one try of this attempt may cost. */
export function sortAttempts(attempts: readonly Attempt[], allowedCalls: (attempt: Attempt) => number): Sorted {
  const sorted: Sorted = { gotIn: [], overspent: [], crashed: [], refused: [], unclear: [] }
  for (const attempt of attempts) {
    if (attempt.account !== null) sorted.gotIn.push(attempt)
    else if (attempt.calls.length > allowedCalls(attempt) * attempt.tries) sorted.overspent.push(attempt)
    else if (isCrash(attempt)) sorted.crashed.push(attempt)
    else if (isRefusal(attempt)) sorted.refused.push(attempt)
    else sorted.unclear.push(attempt)
  }
  return sorted
}

/** Where the evidence of these attempts stands. */
export function evidenceOf(attempts: readonly Attempt[]): { exchanges: number[]; journal: number[] } {
  return { exchanges: attempts.map(({ exchange }) => exchange), journal: [...new Set(attempts.flatMap(({ calls }) => calls))] }
}

/** Refusals that are none: broke, stayed silent, limited, or said yes and gave nothing. */
export function notPlainlyRefused({ crashed, unclear }: Sorted): Judgement | undefined {
  const doubtful = [...crashed, ...unclear]
  if (doubtful.length === 0) return undefined
  const [first] = doubtful
  return inconclusive(
    `No attempt got in, but ${count(doubtful.length, 'attempt')} (${names(doubtful)}) got no plain refusal; the first answer was status ${first?.status ?? 0}.`,
  )
}
