import type { AttackResult, Result } from '../../contract/result.ts'

/** Before and after as text: what was found then, what now, and what that means. `after`: undefined when the run was stopped early. */
export function beforeAndAfter(before: Result, attack: AttackResult, after: Result | undefined): string {
  const again = after?.attacks.find(({ id }) => id === attack.id)
  const name = attack.finding === undefined ? attack.id : `${attack.finding.id} (${attack.id})`
  return [
    `replay of ${name}, seed ${before.plan.seed}`,
    `  before  ${side(attack)}  run ${plain(before.id)}, ${plain(before.time.startedAt).slice(0, 10)}`,
    `          ${plain(attack.claim)}`,
    ...(again === undefined ? [] : [`  after   ${side(again)}  run ${after?.id ?? ''}`, `          ${plain(again.claim)}`]),
    `  ${meaning(attack, again)}`,
  ].join('\n')
}

function side({ outcome }: AttackResult): string {
  return outcome.padEnd(14)
}

function meaning(before: AttackResult, after: AttackResult | undefined): string {
  if (after === undefined) return 'It was not run to its end: nothing is known.'
  if (after.outcome === 'fail') {
    if (before.outcome !== 'fail') return 'It gets in now.'
    return after.finding?.id === before.finding?.id
      ? 'It still gets in.'
      : `It still gets in, on other proof: ${after.finding?.id ?? 'none'}.`
  }
  if (after.outcome === 'pass') return before.outcome === 'fail' ? 'It does not get in any more.' : 'It does not get in.'
  return 'It came to no verdict: nothing is known.'
}

/** What a target said, and a file that anyone may have written, on one line without control characters. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
}
