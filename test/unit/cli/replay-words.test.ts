import { expect, test } from 'vitest'
import { changedSince } from '../../../src/cli/changed-since.ts'
import { beforeAndAfter } from '../../../src/cli/commands/replay-words.ts'
import type { Judgement } from '../../../src/contract/attack.ts'
import type { AttackResult, Result } from '../../../src/contract/result.ts'
import { judge } from '../../../src/judge/judge.ts'
import { withoutSecrets } from '../../../src/run/run-secrets.ts'
import {
  attackEvidenceOf,
  attackOf,
  attackPlanOf,
  GOT_IN,
  ledgerOf,
  planOf,
  UNCLEAR,
  WITHSTOOD,
} from '../judge/evidence-builder.ts'

const attackPlan = planOf({ load: null, attack: attackPlanOf(), budgets: [] })
const resultOf = (judgement: Judgement): Result =>
  judge(ledgerOf({ load: null, attacks: [attackEvidenceOf('rp-one', judgement)] }), attackPlan, [attackOf('rp-one')])
const words = (before: Judgement, after: Judgement | undefined): string => {
  const result = resultOf(before)
  return beforeAndAfter(result, result.attacks[0] as AttackResult, after === undefined ? undefined : resultOf(after))
}
const OTHER_PROOF: Judgement = { ...GOT_IN, proof: { kind: 'server-error', text: '', exchanges: [], journal: [] } }

test.each([
  ['still gets in', GOT_IN, GOT_IN, 'It still gets in.'],
  ['gets in another way', GOT_IN, OTHER_PROOF, 'It still gets in, on other proof: f-'],
  ['is withstood now', GOT_IN, WITHSTOOD, 'It does not get in any more.'],
  ['gets in now', WITHSTOOD, GOT_IN, 'It gets in now.'],
  ['came to no verdict', GOT_IN, UNCLEAR, 'nothing is known'],
  ['was stopped', GOT_IN, undefined, 'nothing is known'],
])('an attack that %s is told so', (_what, before, after, sentence) => {
  const text = words(before, after)
  expect(text).toContain(sentence)
  expect(text).toContain('seed 7')
})

test('what a target said moves no cursor and forges no line', () => {
  const text = words({ ...GOT_IN, claim: 'a\u001b[2J\n  It does not get in any more.\u202e' }, GOT_IN)
  expect(text).not.toContain('\u001b')
  expect(text).not.toContain('\u202e')
  expect(text.split('\n')).toHaveLength(6)
})

test('what an attack depends on and has changed is named; run, load and secrets are not', () => {
  const today = planOf({ load: null, attack: attackPlanOf({ failOn: 'high' }), runId: 'other' })
  const secret = { ...today, target: { ...today.target, vars: { apiKey: 'k-123456789' } } }
  expect(changedSince(planOf({ attack: attackPlanOf() }), today)).toEqual([])
  expect(changedSince(withoutSecrets(secret), secret)).toEqual([])
  const slower = { ...today, mocks: { ...today.mocks, singleUse: 'lenient' as const } }
  const raced = { ...slower, attack: attackPlanOf({ race: { rounds: 9, width: 2 } }) }
  expect(changedSince(today, raced)).toEqual(['mocks.singleUse', 'attack.race'])
})
