import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { judge } from '../../../src/judge/judge.ts'
import { attackEvidenceOf, attackOf, attackPlanOf, GOT_IN, ledgerOf, planOf } from '../judge/evidence-builder.ts'
import { folderWith, onetap } from './real-binary.ts'

const plan = planOf({ load: null, attack: attackPlanOf({ include: ['rp-nonce-race'] }), budgets: [] })
const attack = attackOf('rp-nonce-race')
const result = judge(ledgerOf({ load: null, attacks: [attackEvidenceOf('rp-nonce-race', GOT_IN)] }), plan, [attack])
const finding = result.attacks[0]?.finding?.id ?? 'none'

function folderOfRun(config: string): string {
  const folder = folderWith({ 'onetap.config.ts': config })
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result))
  return folder
}

test('a finding that the run does not have is answered with the nearest one', async () => {
  const wrong = `${finding.slice(0, -1)}${finding.endsWith('0') ? '1' : '0'}`
  const { code, stderr } = await onetap(['replay', '.', wrong], folderOfRun('export default {}'))
  expect(code, stderr).toBe(2)
  expect(stderr).toContain(`did you mean "${finding}"?`)
})

test('a run that is not there is exit 3', async () => {
  expect((await onetap(['replay', finding], folderWith())).code).toBe(3)
})

test('a configuration of another suite is refused before anything is started', async () => {
  const config = `export default { name: 'other', target: { start: { command: ['node', 'x.js'] } } }`
  const { code, stderr } = await onetap(['replay', '.', finding], folderOfRun(config))
  expect(code, stderr).toBe(2)
  expect(stderr).toContain('the configuration is of "other", the finding of "suite"')
})
