import { judgesLoad } from '../contract/judges-load.ts'
import type { Plan } from '../contract/plan.ts'
import { plannedBudget } from './budget-schema.ts'
import type { CheckedConfig } from './schema.ts'

/**
 * A plan that was carried out, with the budgets, the bar and the suppressions of a configuration of today: old evidence under new
 * gates. What was measured stays as it was. Budgets on attacks are left out where the attacks were hand-picked.
 */
export function regated(plan: Plan, config: CheckedConfig): Plan {
  const picked = plan.source?.flags.some(path => path === 'attack.include' || path === 'attack.severities') ?? false
  const budgets = config.budgets
    .map(plannedBudget)
    .filter(budget => (judgesLoad(budget) ? plan.load !== null : plan.attack !== null && !picked))
  if (plan.attack === null || config.attack === null) return { ...plan, budgets }
  const { failOn: _, suppress: __, ...attack } = plan.attack
  const { failOn, suppress } = config.attack
  return {
    ...plan,
    budgets,
    attack: { ...attack, ...(failOn === undefined ? {} : { failOn }), ...(suppress === undefined ? {} : { suppress }) },
  }
}
