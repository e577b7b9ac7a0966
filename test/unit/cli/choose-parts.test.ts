import { join } from 'node:path'
import { expect, test } from 'vitest'
import { chooseAttacks, chooseScenario, loadTarget, requireOperations } from '../../../src/cli/choose-parts.ts'
import type { AttackPlan } from '../../../src/contract/plan.ts'
import { folderWith } from './real-binary.ts'

const plan = (include: string[], exclude: string[] = []): AttackPlan => ({
  include,
  exclude,
  latency: { kind: 'none' },
  race: { rounds: 1, width: 2 },
})
const ids = async (include: string[], exclude?: string[], folder = '/'): Promise<string[]> =>
  (await chooseAttacks(plan(include, exclude), folder)).map(({ meta }) => meta.id)

const OWN = `const meta = { id: 'my-attack', family: 'replay', needs: [] }
  export default { meta, observe: async () => null, judge: () => ({ outcome: 'pass', claim: '' }) }`

test('attacks are chosen by id, by family and all together, in the order of the list', async () => {
  const all = await ids(['all'])
  const replay = await ids(['replay'])
  expect(replay.length).toBeGreaterThan(1)
  expect(await ids(['rp-nonce-race', 'rp-nonce-absent'])).toEqual(
    all.filter(id => ['rp-nonce-race', 'rp-nonce-absent'].includes(id)),
  )
  expect(await ids(['all'], ['replay'])).toEqual(all.filter(id => !replay.includes(id)))
  expect(await ids(['replay', 'rp-nonce-race'])).toEqual(replay)
})

test.each([
  [['rp-nonce-rce'], []],
  [['all'], ['rp-nonce-rce']],
])('an unknown word among %j without %j is told with the nearest known one', async (include, exclude) => {
  await expect(ids(include, exclude)).rejects.toMatchObject({ code: 'CONFIG', hint: 'did you mean "rp-nonce-race"?' })
})

test('severities narrow what ids and families name', async () => {
  const chosen = await chooseAttacks({ ...plan(['forged-token', 'replay']), severities: ['critical'] }, '/')
  expect(chosen.length).toBeGreaterThan(0)
  expect(chosen.length).toBeLessThan((await ids(['forged-token', 'replay'])).length)
  expect(chosen.every(({ meta }) => meta.severity === 'critical')).toBe(true)
  await expect(chooseAttacks({ ...plan(['replay']), severities: ['info'] }, '/')).rejects.toMatchObject({
    message: expect.stringContaining('other severities than info'),
  })
})

test('leaving out all that was chosen is an error, not a run of nothing', async () => {
  await expect(ids(['replay'], ['all'])).rejects.toMatchObject({ code: 'CONFIG' })
})

test('an attack of the user’s own is loaded by path and stands beside ours', async () => {
  const folder = folderWith({ 'my-attack.ts': OWN })
  expect(await ids(['./my-attack.ts'], [], folder)).toEqual(['my-attack'])
  expect(await ids(['replay', './my-attack.ts'], [], folder)).toEqual([...(await ids(['replay'])), 'my-attack'])
  expect(await ids(['all', './my-attack.ts'], ['replay'], folder)).not.toContain('my-attack')
})

test.each([
  ['has another id than its file', OWN.replace('my-attack', 'other')],
  ['cannot judge', OWN.replace('judge', 'judges')],
  ['has no family of ours', OWN.replace('replay', 'replays')],
  ['is null', 'export default null'],
  ['exports nothing', 'export const x = 1'],
])('a file that %s is no attack', async (name, source) => {
  const folder = folderWith({ 'my-attack.ts': source, 'package.json': JSON.stringify({ name, type: 'module' }) })
  await expect(ids(['./my-attack.ts'], [], folder)).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining('is no attack'),
  })
})

test('an attack of the user’s own may not bear the id of ours', async () => {
  const folder = folderWith({ 'rp-nonce-race.ts': OWN.replace('my-attack', 'rp-nonce-race') })
  await expect(ids(['./rp-nonce-race.ts'], [], folder)).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining('another attack'),
  })
})

test('a scenario is found by id, and by path; a mistyped one is told with the nearest', async () => {
  expect((await chooseScenario('one-tap', '/')).file).toMatch(/scenarios\/one-tap\.ts$/)
  await expect(chooseScenario('one-tab', '/')).rejects.toMatchObject({ hint: 'did you mean "one-tap"?' })
  const folder = folderWith({ 'mine.ts': `export default { id: 'mine', needs: ['me'], flow: function* () {} }` })
  expect((await chooseScenario('./mine.ts', folder)).scenario.id).toBe('mine')
  await expect(chooseScenario('./gone.ts', folder)).rejects.toMatchObject({ code: 'CONFIG' })
})

test('a scenario without its operations is refused before anything starts', () => {
  const scenario = { id: 's', about: '', needs: ['me', 'oneTap'] as const, exchange: 'oneTap' as const, *flow() {} }
  const read = () => ({ kind: 'failed' as const, reason: '' })
  const me = { method: 'GET' as const, path: '/', read }
  expect(() => requireOperations(scenario, { name: 't', operations: { me } })).toThrow(
    'needs oneTap, which target "t" does not have',
  )
})

const operation = `{ method: 'GET', path: '/', read: () => ({ kind: 'refused' }) }`
test.each([
  ['exports nothing', 'export const x = 1', 'is no target module'],
  ['exports null', 'export default null', 'is no target module'],
  ['has no operations', `export default { name: 'x', operations: null }`, 'is no target module'],
  [
    'mistypes an operation',
    `export default { name: 'x', operations: { onetap: ${operation} } }`,
    'there is no operation "onetap"',
  ],
  ['has an operation that is null', `export default { name: 'x', operations: { me: null } }`, 'operation "me" needs'],
  [
    'has a path without a slash',
    `export default { name: 'x', operations: { me: { ...${operation}, path: 'me' } } }`,
    'operation "me" needs',
  ],
  ['throws', `throw new Error('boom')`, 'boom'],
])('a target module that %s is told in a sentence', async (_what, source, sentence) => {
  const folder = folderWith({ 'onetap.target.ts': source })
  await expect(loadTarget('./onetap.target.ts', folder)).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringContaining(sentence),
  })
})

test('a target module is found relative to the config, and an operation spelt out as undefined is left out', async () => {
  const folder = folderWith({
    'onetap.target.ts': `export default { name: 'x', operations: { me: ${operation}, nonce: undefined } }`,
  })
  const { target, file } = await loadTarget('./onetap.target.ts', folder)
  expect(target.operations.nonce).toBeUndefined()
  expect(file).toBe(join(folder, 'onetap.target.ts'))
})
