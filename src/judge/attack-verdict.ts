import type { Attack, AttackEvidence, Judgement, ProofKind } from '../contract/attack.ts'
import type { Outcome } from '../contract/verdict.ts'

export interface AttackVerdict {
  outcome: Outcome
  /** One sentence that stands alone. */
  claim: string
  /** Null when there was nothing to judge. */
  judgement: Judgement | null
}

/** Proofs that consist of the target saying no; worth nothing when the target says no to honest users as well. */
const MADE_OF_REFUSAL: readonly ProofKind[] = ['lock-out']

/**
 * The verdict on one attack, from its evidence alone. The honest login before must have held. When the one after did not, nothing
 * can pass; a proof in hand (a working credential, a carrier call) stays one.
 */
export function attackVerdict(attack: Attack, evidence: AttackEvidence): AttackVerdict {
  if (evidence.status === 'error') return without('error', evidence.reason ?? 'The harness failed while it ran the attack.')
  if (evidence.status === 'not-applicable')
    return without('not-applicable', evidence.reason ?? 'The target gives nothing to attack.')
  const { before, after } = evidence.control
  if (before !== null) return without('inconclusive', `The honest login before the attack did not hold: ${before}.`)
  if (evidence.reason !== undefined) return without('inconclusive', `The attack was cut short: ${evidence.reason}.`)

  let judgement: Judgement
  try {
    judgement = attack.judge(evidence.observation)
  } catch (error) {
    return without(
      'error',
      `The saved observation could not be judged: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
  const { proof } = judgement
  if (judgement.outcome === 'fail' && proof === undefined)
    return { outcome: 'error', claim: `Claimed without proof: ${judgement.claim}`, judgement }
  if (after === null) return { outcome: judgement.outcome, claim: judgement.claim, judgement }
  const note = `the honest login after the attack did not hold: ${after}`
  if (proof !== undefined && judgement.outcome === 'fail' && !MADE_OF_REFUSAL.includes(proof.kind))
    return { outcome: 'fail', claim: `${judgement.claim} Also, ${note}.`, judgement }
  return { outcome: 'inconclusive', claim: `Nothing is shown, for ${note}.`, judgement }
}

function without(outcome: Outcome, claim: string): AttackVerdict {
  return { outcome, claim, judgement: null }
}
