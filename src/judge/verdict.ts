import { EXIT, exitCodeOfError, strongestExitCode } from '../contract/exit-code.ts'
import { acceptanceText } from '../contract/finding.ts'
import { judgesLoad } from '../contract/judges-load.ts'
import type { Plan } from '../contract/plan.ts'
import type { AttackResult, Gate, Result } from '../contract/result.ts'
import { turnsRed } from './suppressions.ts'

type Reason = Result['reasons'][number]
type Verdict = Pick<Result, 'verdict' | 'exitCode' | 'reasons'>
type Judged = Pick<Result, 'validity' | 'gates' | 'load' | 'attacks' | 'trouble' | 'ended'>
/** A reason with the exit code it asks for. */
type Weighed = Reason & { exitCode: number }

/**
 * The one verdict of a run. Each thing that went wrong asks for an exit code; the strongest wins, all stay as reasons. Green needs
 * something that was judged and held: a run in which nothing could be judged is inconclusive.
 */
export function overallVerdict(judged: Judged, plan: Plan): Verdict {
  const weighed = [
    ...runReasons(judged),
    ...attackReasons(judged.attacks),
    ...openReasons(judged, plan),
    ...gateReasons(judged.gates),
    ...timelineReasons(judged.load),
  ]
  const code = strongestExitCode([EXIT.ok, ...weighed.map(reason => reason.exitCode)])
  // A stop says why evidence is missing, and pipelines must be able to tell it from a verdict.
  const exitCode = judged.ended === 'interrupted' ? EXIT.interrupted : judged.ended === 'terminated' ? EXIT.terminated : code
  const accepted = acceptedReasons(judged.attacks)
  if (code === EXIT.ok && exitCode === EXIT.ok) {
    return { verdict: 'pass', exitCode, reasons: [{ code: 'HELD', ref: '#/gates', text: heldText(judged) }, ...accepted] }
  }
  const reasons = inOrder(weighed).map(({ code, ref, text }) => ({ code, ref, text }))
  return { verdict: verdictOf(code), exitCode, reasons: [...reasons, ...accepted] }
}

function verdictOf(code: number): Exclude<Verdict['verdict'], 'pass'> {
  if (code === EXIT.attackSucceeded || code === EXIT.budgetCrossed) return 'fail'
  return code === EXIT.inconclusive || code === EXIT.interrupted || code === EXIT.terminated || code === EXIT.ok
    ? 'inconclusive'
    : 'error'
}

function attackReasons(attacks: readonly AttackResult[]): Weighed[] {
  return attacks.flatMap((attack, i): Weighed[] => {
    const at = { ref: `#/attacks/${i}`, text: `${attack.id}: ${attack.claim}` }
    if (turnsRed(attack)) return [{ code: 'ATTACK', exitCode: EXIT.attackSucceeded, ...at }]
    if (attack.outcome === 'inconclusive') return [{ code: 'ATTACK_OPEN', exitCode: EXIT.inconclusive, ...at }]
    if (attack.outcome === 'error') return [{ code: 'ATTACK_ERROR', exitCode: EXIT.inconclusive, ...at }]
    return []
  })
}

/** What got in and turns nothing red: told all the same. */
function acceptedReasons(attacks: readonly AttackResult[]): Reason[] {
  return attacks.flatMap(({ id, claim, finding }, i): Reason[] => {
    const why = finding === undefined ? undefined : acceptanceText(finding.standing)
    return why === undefined ? [] : [{ code: 'ACCEPTED', ref: `#/attacks/${i}`, text: `${id}: ${claim} It is ${why}` }]
  })
}

function gateReasons(gates: readonly Gate[]): Weighed[] {
  return gates.flatMap((gate, i): Weighed[] => {
    const at = { ref: `#/gates/${i}`, text: `${gate.title}: ${gate.text}` }
    if (gate.outcome === 'pass' || gate.outcome === 'not-applicable') return []
    if (gate.outcome === 'fail') {
      return [{ code: 'BUDGET', exitCode: gate.unit === 'attacks' ? EXIT.attackSucceeded : EXIT.budgetCrossed, ...at }]
    }
    return [{ code: 'BUDGET_OPEN', exitCode: EXIT.inconclusive, ...at }]
  })
}

/** A target that does not come back, or lets one carrier's trouble reach the users of others. */
function timelineReasons(load: Judged['load']): Weighed[] {
  return (['recovery', 'isolation'] as const).flatMap(kind =>
    (load?.[kind] ?? []).flatMap(({ outcome, text }, i): Weighed[] => {
      if (outcome === 'pass') return []
      const failed = outcome === 'fail'
      const code = `${kind.toUpperCase()}${failed ? '' : '_OPEN'}`
      return [{ code, ref: `#/load/${kind}/${i}`, exitCode: failed ? EXIT.budgetCrossed : EXIT.inconclusive, text }]
    }),
  )
}

/** What stopped or spoiled the run itself. */
function runReasons(judged: Judged): Weighed[] {
  const reasons: Weighed[] = judged.trouble.map((error, i) => {
    const exitCode = error.code === 'INTERRUPTED' ? EXIT.inconclusive : exitCodeOfError(error.code)
    return { code: error.code, ref: `#/trouble/${i}`, exitCode, text: error.message }
  })
  if (judged.ended === 'interrupted' || judged.ended === 'terminated') {
    reasons.push({
      code: 'STOPPED',
      ref: '#/ended',
      exitCode: EXIT.inconclusive,
      text: `The run was ${judged.ended}; what it had measured is kept.`,
    })
  }
  if (judged.ended === 'failed' && judged.trouble.length === 0) {
    reasons.push({
      code: 'RUN_FAILED',
      ref: '#/ended',
      exitCode: EXIT.environment,
      text: 'The run failed and the ledger does not say why.',
    })
  }
  return reasons
}

/** Evidence that is missing or unfit. */
function openReasons(judged: Judged, plan: Plan): Weighed[] {
  const open = (code: string, ref: string, text: string): Weighed => ({ code, ref, text, exitCode: EXIT.inconclusive })
  const reasons = judged.validity.checks.flatMap((check, i) =>
    check.outcome === 'inconclusive' ? [open('VALIDITY', `#/validity/checks/${i}`, `${check.text} (${check.observed})`)] : [],
  )
  if (plan.load !== null && !plan.budgets.some(judgesLoad)) {
    reasons.push(open('NO_BUDGET', '#/gates', 'No budget judges the load: nothing it showed could have turned this run red.'))
  }
  if (plan.attack !== null && !judged.attacks.some(attack => attack.outcome === 'pass' || attack.outcome === 'fail')) {
    reasons.push(open('NO_ATTACK_VERDICT', '#/attacks', 'No attack came to a verdict.'))
  }
  if (plan.load === null && plan.attack === null) {
    reasons.push(open('NOTHING_PLANNED', '#/plan', 'The plan asks for neither load nor attacks.'))
  }
  return reasons
}

const ORDER: readonly number[] = [
  EXIT.attackSucceeded,
  EXIT.budgetCrossed,
  EXIT.bug,
  EXIT.usage,
  EXIT.environment,
  EXIT.inconclusive,
]

function inOrder(reasons: readonly Weighed[]): readonly Weighed[] {
  return [...reasons].sort((a, b) => ORDER.indexOf(a.exitCode) - ORDER.indexOf(b.exitCode))
}

function heldText(judged: Judged): string {
  const held = judged.gates.filter(gate => gate.outcome === 'pass').length
  const resisted = judged.attacks.filter(attack => attack.outcome === 'pass').length
  const idle = judged.attacks.filter(attack => attack.outcome === 'not-applicable').length
  const accepted = judged.attacks.filter(attack => attack.outcome === 'fail').length
  const parts = [
    ...(judged.gates.length > 0 ? [`${held} of ${judged.gates.length} budgets held`] : []),
    ...(judged.attacks.length > 0 ? [`${resisted} of ${judged.attacks.length} attacks were withstood`] : []),
    ...(idle > 0 ? [`${idle} did not apply`] : []),
    ...(accepted > 0 ? [`${accepted} got in and ${accepted === 1 ? 'is' : 'are'} accepted`] : []),
  ]
  return `${parts.join(', ')}, on valid evidence.`
}
