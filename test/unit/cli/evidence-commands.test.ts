import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, onetap } from './real-binary.ts'

test.each([['report'], ['judge']])('`%s` of a run that is not there exits 3 with a hint', async command => {
  const { code, stderr } = await onetap([command, 'no-such-run'], folderWith())
  expect(code).toBe(3)
  expect(stderr).toMatch(/^error: there is no (result|plan) at .*no-such-run/)
  expect(stderr).toContain('hint: name the folder of a run, for instance .onetap/latest')
})

test.each([
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', '[]'],
  ['another version', '{"schemaVersion":"2.0.0"}'],
  ['no result at all', '{"schemaVersion":"1.0.0"}'],
])('a result that is %s is refused with a sentence, exit 3', async (_what, text) => {
  const { code, stderr } = await onetap(['report', 'result.json'], folderWith({ 'result.json': text }))
  expect(code, stderr).toBe(3)
  expect(stderr).toMatch(/^error: .*result\.json/)
})

test.each([
  ['broken', 'x\n', 'line 1 is not JSON'],
  ['of another version', '{"schemaVersion":"9","seq":1,"kind":"note"}\n', 'evidence version 9'],
])('evidence that is %s is not judged, exit 3', async (_what, evidence, sentence) => {
  const plan = JSON.stringify({ schemaVersion: '1.0.0', runId: 'r', target: {}, mocks: {}, budgets: [] })
  const { code, stderr } = await onetap(['judge', '.'], folderWith({ 'plan.json': plan, 'evidence.jsonl': evidence }))
  expect(code, stderr).toBe(3)
  expect(stderr).toContain(sentence)
})

test('a run whose target never came up can be judged again to the same result, and reported again', async () => {
  const folder = folderWith({
    'onetap.config.ts': `export default { target: { start: { command: ['node', '-e', 'process.exit(1)'] } } }`,
    'onetap.target.ts': `const read = () => ({ kind: 'failed', reason: '' })
      export default { name: 'patient', operations: { oneTap: { method: 'GET', path: '/', read } } }`,
  })
  const run = await onetap(['attack', 'rp-nonce-absent', '--out', 'out', '--json'], folder)
  expect(run.code, run.stderr).toBe(3)
  const result = JSON.parse(run.stdout) as { trouble: { code: string }[]; plan: { attack: { include: string[] } } }
  expect(result.trouble.map(({ code }) => code)).toEqual(['TARGET_DIED'])
  expect(result.plan.attack.include).toEqual(['rp-nonce-absent'])

  const before = readFileSync(join(folder, 'out', 'result.json'), 'utf8')
  const again = await onetap(['judge', 'out'], folder)
  expect(again.code, again.stderr).toBe(3)
  expect(readFileSync(join(folder, 'out', 'result.json'), 'utf8')).toBe(before)

  writeFileSync(join(folder, 'out', 'junit.xml'), 'old')
  const report = await onetap(['report', 'out', 'junit'], folder)
  expect(report).toMatchObject({ code: 0, stdout: 'out/junit.xml\n' })
  expect(readFileSync(join(folder, 'out', 'junit.xml'), 'utf8')).toContain('<testsuites')

  const second = await onetap(['attack', '--out', 'out'], folder)
  expect(second.code).toBe(2)
  expect(second.stderr).toContain('of an earlier run')
})

test('old evidence is judged under the budgets of another configuration, into a folder of its own', async () => {
  const patient = `target: { start: { command: ['node', '-e', 'process.exit(1)'] } }`
  const folder = folderWith({
    'onetap.config.ts': `export default { ${patient}, budgets: ['attacks.high = 0'] }`,
    'new.config.ts': `export default { ${patient}, budgets: ['attacks.critical = 0', 'login.p99 < 1s'] }`,
    'wrong.config.ts': `export default { ${patient}, budgets: ['login.p99 < 400'] }`,
    'onetap.target.ts': `const read = () => ({ kind: 'failed', reason: '' })
      export default { name: 'patient', operations: { oneTap: { method: 'GET', path: '/', read } } }`,
  })
  const run = await onetap(['attack', '--out', 'out'], folder)
  expect(run.code, run.stderr).toBe(3)
  const before = readFileSync(join(folder, 'out', 'result.json'), 'utf8')

  const again = await onetap(['judge', 'out', '--config', 'new.config.ts', '--out', 'new', '--json'], folder)
  expect(again.code, again.stderr).toBe(3)
  const { gates } = JSON.parse(again.stdout) as { gates: { title: string }[] }
  expect(gates.map(({ title }) => title)).toEqual(['attacks.critical = 0'])
  expect(readFileSync(join(folder, 'out', 'result.json'), 'utf8')).toBe(before)
  expect(JSON.parse(readFileSync(join(folder, 'new', 'result.json'), 'utf8'))).toMatchObject({ gates })

  const wrong = await onetap(['judge', 'out', '--config', 'wrong.config.ts'], folder)
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).toContain('write 400ms or 400s')

  const print = await onetap(['report', 'out', '--format', 'openmetrics', '--print'], folder)
  expect(print.stdout).toContain('# EOF')
  const two = await onetap(['report', 'out', '--format', 'sarif,ctrf'], folder)
  expect(two.stdout).toBe('out/ctrf.json\nout/report.sarif\n')
  expect((await onetap(['report', 'out', '--print'], folder)).code).toBe(2)
  expect((await onetap(['report', 'out', '--format', 'sarfi'], folder)).stderr).toContain('did you mean "sarif"?')
  expect((await onetap(['run', '--baseline', 'no-such'], folder)).code).toBe(3)
})
