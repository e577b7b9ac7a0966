import type { Budget } from '../contract/plan.ts'
import type { AttackResult, Gate } from '../contract/result.ts'
import { turnsRed } from './suppressions.ts'

/**
 * No attack of the family may get in, and enough must have come to a verdict. Names a family, or `all`. A finding that is accepted
 * is a verdict and crosses nothing.
 */
export function judgeAttacksBudget(budget: Extract<Budget, { kind: 'attacks' }>, attacks: readonly AttackResult[]): Gate {
  const family = attacks.filter(attack => budget.family === 'all' || attack.family === budget.family)
  const count = (outcome: AttackResult['outcome']): number => family.filter(attack => attack.outcome === outcome).length
  const got = family.filter(turnsRed).length
  const accepted = count('fail') - got
  const open = count('inconclusive') + count('error')
  const judged = count('fail') + count('pass')
  const needed = Math.max(1, budget.minSamples)
  const rule = (): Pick<Gate, 'outcome' | 'text'> => {
    // One that got in is proof by itself, whatever became of the others.
    if (got > 0) return { outcome: 'fail', text: `${got} of ${judged} ${budget.family} attacks got in.` }
    if (judged === 0 && family.length > 0 && family.every(({ outcome }) => outcome === 'not-applicable')) {
      const text = `None of ${family.length} ${budget.family} attacks applies: name what they need in the target module, or leave the budget out.`
      return { outcome: 'inconclusive', text }
    }
    if (judged === 0) return { outcome: 'inconclusive', text: `No ${budget.family} attack came to a verdict.` }
    if (open > 0) return { outcome: 'inconclusive', text: `${open} of the ${budget.family} attacks came to no verdict.` }
    if (judged < needed) {
      return { outcome: 'inconclusive', text: `${judged} ${budget.family} attacks came to a verdict, ${needed} are needed.` }
    }
    if (accepted > 0)
      return { outcome: 'pass', text: `${accepted} of ${judged} ${budget.family} attacks got in; that is accepted.` }
    return { outcome: 'pass', text: `None of ${judged} ${budget.family} attacks got in.` }
  }
  return {
    id: `attacks.${budget.family}`,
    title: `${budget.family}: no attack gets in`,
    observed: judged === 0 ? null : got,
    limit: 0,
    unit: 'attacks',
    samples: judged,
    minSamples: needed,
    figureError: 0,
    ...rule(),
  }
}
