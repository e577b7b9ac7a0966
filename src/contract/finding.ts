import type { ProofKind, Severity } from './attack.ts'
import { exhaustive } from './json.ts'
import { mix32, saltOf } from './rng.ts'

/** A finding that is known and accepted until a date. */
export interface Suppression {
  /** Of a finding (`f-…`) or of an attack: then whatever the attack proves. */
  id: string
  reason: string
  /** Last day on which it holds, `YYYY-MM-DD` in UTC. */
  until: string
  owner?: string
}

/** Whether a finding turns the run red, and if not, who said so. */
export type Standing =
  | { kind: 'counts' }
  | ({ kind: 'suppressed' } & Omit<Suppression, 'id'>)
  | { kind: 'below-bar'; failOn: Severity }

/** An attack that got in, under a name that stays the same from run to run. */
export interface Finding {
  /** `f-` and ten hex digits. */
  id: string
  standing: Standing
}

/** What became of a suppression in a run. */
export interface SuppressionResult extends Suppression {
  /**
   * `expired`: there is such a finding and it counts again. `open`: its attack came to no verdict, so nothing is known.
   * `unused`: its attack ran and found nothing like it. `not-run`: no attack of this run could find it.
   */
  state: 'in-force' | 'expired' | 'unused' | 'open' | 'not-run'
  text: string
}

/** The id of a finding: the same attack with the same kind of proof on the same target has the same, whatever run, seed or words. */
export function findingId(attackId: string, target: string, proof: ProofKind): string {
  const salt = saltOf(`${attackId}\n${target}\n${proof}`)
  const second = mix32(salt ^ saltOf(`${proof}\n${target}\n${attackId}`))
  return `f-${(hex(salt) + hex(second)).slice(0, 10)}`
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}

/** Why a finding does not turn the run red; undefined when it does. */
export function acceptanceText(standing: Standing): string | undefined {
  switch (standing.kind) {
    case 'counts':
      return undefined
    case 'suppressed':
      return `accepted until ${standing.until}${standing.owner === undefined ? '' : ` by ${standing.owner}`}: ${standing.reason}`
    case 'below-bar':
      return `accepted risk: below the bar, only ${standing.failOn} and worse turn the run red`
    default:
      return exhaustive(standing)
  }
}
