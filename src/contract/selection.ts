import type { Attack } from './attack.ts'
import type { AttackPlan } from './plan.ts'

/**
 * The attacks a plan asks for, in the order given. Run and judge both read it from here: an attack that was asked for and left no
 * evidence is then seen to be missing instead of quietly not counted. Names in `include` and `exclude` are ids, families or `all`;
 * `severities` narrows what they name.
 */
export function selectAttacks(
  attacks: readonly Attack[],
  plan: Pick<AttackPlan, 'include' | 'exclude' | 'severities'>,
): readonly Attack[] {
  const names = (list: readonly string[], attack: Attack): boolean =>
    list.includes('all') || list.includes(attack.meta.id) || list.includes(attack.meta.family)
  const severe = ({ meta }: Attack): boolean => plan.severities === undefined || plan.severities.includes(meta.severity)
  return attacks.filter(attack => names(plan.include, attack) && !names(plan.exclude, attack) && severe(attack))
}
