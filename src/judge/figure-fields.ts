import type { AttackResult, Result } from '../contract/result.ts'

/** The maps and levels that attacks measured, as fields of the result. */
export function figureFields(attacks: readonly AttackResult[]): Pick<Result, 'failClosedMap' | 'attackCost' | 'reissueLevel'> {
  const fields: Pick<Result, 'failClosedMap' | 'attackCost' | 'reissueLevel'> = {}
  for (const { judgement } of attacks) {
    const figures = judgement?.figures
    if (figures?.kind === 'fail-closed-map') fields.failClosedMap = figures.map
    if (figures?.kind === 'attack-cost') fields.attackCost = figures.cost
    if (figures?.kind === 'reissue-level') fields.reissueLevel = figures.level
  }
  return fields
}
