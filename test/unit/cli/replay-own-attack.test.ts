import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, onetap } from './real-binary.ts'

const OWN = `const meta = { id: 'my-attack', family: 'replay', title: 'T', about: 'A', severity: 'low', cwe: [], asvs: [], api2023: [],
    has: '', needs: ['me'], notices: [] }
  export default { meta, observe: async () => null, judge: () => ({ outcome: 'pass', claim: '' }) }`
const CONFIG = `export default {
  target: { start: { command: ['node', '-e', 'process.exit(1)'] } },
  attack: { include: ['./my-attack.ts', 'rp-nonce-absent'], exclude: [], failOn: 'high',
    suppress: [{ id: 'my-attack', reason: 'Known.', until: '2999-01-01' }] },
}`
const TARGET = `const read = () => ({ kind: 'failed', reason: '' })
  export default { name: 'patient', operations: { me: { method: 'GET', path: '/', read } } }`

test('an attack of the user’s own is replayed by its id, alone, with nothing that would excuse it', async () => {
  const folder = folderWith({ 'onetap.config.ts': CONFIG, 'onetap.target.ts': TARGET, 'my-attack.ts': OWN })
  await onetap(['attack', '--seed', '99', '--out', 'first'], folder)
  const { code, stdout, stderr } = await onetap(['replay', 'first', 'my-attack', '--out', 'second'], folder)
  expect(code, stderr + stdout).toBe(3)
  const plan = JSON.parse(readFileSync(join(folder, 'second', 'plan.json'), 'utf8'))
  expect(plan).toMatchObject({ seed: 99, load: null, attack: { include: ['my-attack'], exclude: [] } })
  expect(Object.keys(plan.attack).sort()).toEqual(['exclude', 'include', 'latency', 'race'])
  expect(stdout).toContain('replay of my-attack, seed 99')
  expect(stdout).toContain('nothing is known')
})
