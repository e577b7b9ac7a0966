import { SEVERITIES } from '../../contract/attack.ts'
import type { GateExpression, GateFigure } from '../../contract/gate-expression.ts'
import type { AttackResult } from '../../contract/result.ts'
import { turnsRed } from '../suppressions.ts'
import type { Settled } from './expression-gate.ts'
import type { GateEvidence } from './gate-evidence.ts'
import { holds } from './interval.ts'
import { nothing } from './load-gate.ts'

type AttacksFigure = Extract<GateFigure, { kind: 'attacks' }>

/**
 * How many attacks of a severity or family got in and count. One without a verdict may have got in as well, so what holds must hold
 * with all of them added.
 */
export function judgeAttacksGate(
  gate: GateExpression & { figure: AttacksFigure },
  asked: number,
  { attacks }: GateEvidence,
): Settled {
  const { of } = gate.figure
  const limit = gate.bound.kind === 'value' ? gate.bound.value : 0
  const mine = attacks.filter(attack => isOf(attack, of)).filter(({ outcome }) => outcome !== 'not-applicable')
  const got = mine.filter(turnsRed).length
  const open = mine.filter(({ outcome }) => outcome === 'inconclusive' || outcome === 'error').length
  const judged = mine.length - open
  if (judged === 0 && open === 0) return nothing(`No ${of} attack was run that applies to this target.`, asked)
  const settled = (outcome: Settled['outcome'], text: string): Settled => ({
    outcome,
    text,
    observed: judged === 0 ? null : got,
    samples: judged,
    minSamples: asked,
    figureError: 0,
  })
  const says = `${got} of ${judged} ${of} attacks that came to a verdict got in`
  const bound = { low: limit, high: limit }
  const verdict = holds({ low: got, high: got + open }, gate.comparator, bound)
  if (verdict === 'fail') return settled('fail', `${says}: ${gate.comparator} ${limit} does not hold.`)
  if (verdict === 'open') return settled('inconclusive', `${says}, and ${open} came to no verdict.`)
  if (judged < asked) return settled('inconclusive', `${judged} ${of} attacks came to a verdict, ${asked} are needed.`)
  return settled('pass', `${says}: ${gate.comparator} ${limit} holds.`)
}

function isOf(attack: AttackResult, of: AttacksFigure['of']): boolean {
  if (of === 'all') return true
  return SEVERITIES.some(severity => severity === of) ? attack.severity === of : attack.family === of
}
