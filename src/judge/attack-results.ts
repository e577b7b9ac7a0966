import type { Attack, AttackEvidence } from '../contract/attack.ts'
import type { HarnessErrorRecord } from '../contract/errors.ts'
import type { Plan } from '../contract/plan.ts'
import type { AttackResult } from '../contract/result.ts'
import { selectAttacks } from '../contract/selection.ts'
import { attackVerdict } from './attack-verdict.ts'
import { findingOf, type Weighing } from './suppressions.ts'

/**
 * A result for each attack that left evidence and for each that the plan asked for and that left none. An attack that was never
 * run is inconclusive: it must not be missing from the count.
 */
export function judgeAttacks(
  evidence: readonly AttackEvidence[],
  plan: Plan,
  attacks: readonly Attack[],
  weighing: Weighing,
): { results: AttackResult[]; trouble: HarnessErrorRecord[] } {
  const known = new Map(attacks.map(attack => [attack.meta.id, attack]))
  const results: AttackResult[] = []
  const trouble: HarnessErrorRecord[] = []
  for (const one of evidence) {
    const attack = known.get(one.attackId)
    if (attack === undefined) trouble.push(unknownAttack(one.attackId))
    else results.push(resultOf(attack, one, plan.seed, weighing))
  }
  const ran = new Set(evidence.map(one => one.attackId))
  for (const attack of plan.attack === null ? [] : selectAttacks(attacks, plan.attack)) {
    if (!ran.has(attack.meta.id)) results.push(neverRun(attack, plan.seed))
  }
  return { results, trouble }
}

/** The shell line that runs one attack again with the same numbers and random stream. */
export function reproduceLine(attackId: string, seed: number): string {
  return `npx onetap attack ${attackId} --seed ${seed}`
}

function resultOf(attack: Attack, evidence: AttackEvidence, seed: number, weighing: Weighing): AttackResult {
  const { outcome, claim, judgement } = attackVerdict(attack, evidence)
  const finding = findingOf({ ...metaOf(attack), outcome, judgement }, weighing)
  return {
    ...metaOf(attack),
    outcome,
    claim,
    ...(finding === undefined ? {} : { finding }),
    judgement,
    control: evidence.control,
    transcript: evidence.transcript,
    journal: evidence.journal,
    requests: evidence.requests,
    durationMs: evidence.durationMs,
    reproduce: reproduceLine(attack.meta.id, seed),
  }
}

function neverRun(attack: Attack, seed: number): AttackResult {
  return {
    ...metaOf(attack),
    outcome: 'inconclusive',
    claim: 'The plan asked for this attack and it left no evidence: it was not run to its end.',
    judgement: null,
    control: { before: null, after: null },
    transcript: [],
    journal: [],
    requests: 0,
    durationMs: 0,
    reproduce: reproduceLine(attack.meta.id, seed),
  }
}

function metaOf(
  attack: Attack,
): Pick<AttackResult, 'id' | 'title' | 'family' | 'severity' | 'cwe' | 'asvs' | 'api2023' | 'about' | 'has'> {
  const { id, title, family, severity, cwe, asvs, api2023, about, has } = attack.meta
  return { id, title, family, severity, cwe, asvs, api2023, about, has }
}

function unknownAttack(id: string): HarnessErrorRecord {
  return {
    code: 'EVIDENCE',
    message: `The ledger holds evidence of attack ${id}, which this version does not know.`,
    hint: 'Judge with the version and the attack files the run was made with.',
  }
}
