import { PROOF_KINDS } from '../contract/attack.ts'
import { type Finding, findingId, type Standing, type Suppression, type SuppressionResult } from '../contract/finding.ts'
import type { AttackPlan } from '../contract/plan.ts'
import type { AttackResult } from '../contract/result.ts'
import { atLeast } from '../contract/severity.ts'

/** What findings are weighed by: the plan's words, the target's name, and the day (`YYYY-MM-DD`, UTC) on which the run started. */
export interface Weighing {
  plan: Pick<AttackPlan, 'failOn' | 'suppress'> | null
  target: string
  day: string
}

/** The finding of an attack that got in; undefined for any other outcome, which no suppression touches. */
export function findingOf(
  { id, severity, outcome, judgement }: Pick<AttackResult, 'id' | 'severity' | 'outcome' | 'judgement'>,
  weighing: Weighing,
): Finding | undefined {
  if (outcome !== 'fail' || judgement?.proof === undefined) return undefined
  const finding = findingId(id, weighing.target, judgement.proof.kind)
  return { id: finding, standing: standingOf([id, finding], severity, weighing) }
}

/** Does an attack that got in turn the run red? A result of an earlier version names no finding; then it does. */
export function turnsRed({ outcome, finding }: Pick<AttackResult, 'outcome' | 'finding'>): boolean {
  return outcome === 'fail' && (finding === undefined || finding.standing.kind === 'counts')
}

function standingOf(names: readonly string[], severity: AttackResult['severity'], { plan, day }: Weighing): Standing {
  const suppression = plan?.suppress?.find(one => names.includes(one.id) && !isOver(one, day))
  if (suppression !== undefined) {
    const { id: _, ...grounds } = suppression
    return { kind: 'suppressed', ...grounds }
  }
  const bar = plan?.failOn
  return bar === undefined || atLeast(severity, bar) ? { kind: 'counts' } : { kind: 'below-bar', failOn: bar }
}

/** Dates of this form sort as text. */
function isOver({ until }: Suppression, day: string): boolean {
  return until < day
}

/** What became of each suppression: one that has run out or covers nothing must not lie about unseen. */
export function judgeSuppressions(attacks: readonly AttackResult[], weighing: Weighing): SuppressionResult[] {
  return (weighing.plan?.suppress ?? []).map(one => {
    const attack =
      attacks.find(({ id, finding }) => id === one.id || finding?.id === one.id) ?? finderOf(one.id, attacks, weighing)
    const state = stateOf(one, attack, weighing.day)
    return { ...one, state, text: textOf(one, state, isOver(one, weighing.day)) }
  })
}

/** The attack that would make the finding of this id, were it to get in. */
function finderOf(id: string, attacks: readonly AttackResult[], { target }: Weighing): AttackResult | undefined {
  return attacks.find(attack => PROOF_KINDS.some(kind => findingId(attack.id, target, kind) === id))
}

function stateOf(one: Suppression, attack: AttackResult | undefined, day: string): SuppressionResult['state'] {
  if (attack === undefined || attack.outcome === 'not-applicable') return 'not-run'
  if (attack.outcome === 'inconclusive' || attack.outcome === 'error') return 'open'
  const covers = attack.outcome === 'fail' && (attack.id === one.id || attack.finding?.id === one.id)
  if (!covers) return 'unused'
  return isOver(one, day) ? 'expired' : 'in-force'
}

const FATES: Readonly<Record<SuppressionResult['state'], string>> = {
  'in-force': 'is in force until',
  expired: 'expired, and what it covered counts again; it held until',
  open: 'changes nothing: its attack came to no verdict; it holds until',
  unused: 'is not used: its attack ran and found nothing like it; remove it. It holds until',
  'not-run': 'was not tried: no attack of this run could find it; it holds until',
}

function textOf(one: Suppression, state: SuppressionResult['state'], over: boolean): string {
  const past = over && state !== 'expired' ? ', which is past' : ''
  const owner = one.owner === undefined ? '' : `, ${one.owner}`
  return `The suppression of ${one.id} ${FATES[state]} ${one.until}${past} (${one.reason}${owner}).`
}
