import type { Validity } from '../contract/result.ts'

/** One question asked of the evidence. `inconclusive` means: what was measured may not be judged. */
export type Check = Validity['checks'][number]

/** A check that is either passed or leaves the evidence unfit. */
export function makeCheck(id: string, holds: boolean, observed: string, limit: string, good: string, bad: string): Check {
  return { id, outcome: holds ? 'pass' : 'inconclusive', observed, limit, text: holds ? good : bad }
}

/** A check that cannot be made here and holds nothing back. */
export function skippedCheck(id: string, observed: string, limit: string, why: string): Check {
  return { id, outcome: 'not-applicable', observed, limit, text: why }
}

/** A share as people read it: 0.0123 -> `1.23 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`
}
