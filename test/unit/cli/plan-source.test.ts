import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { planSource } from '../../../src/cli/plan-source.ts'

const root = mkdtempSync(join(tmpdir(), 'onetap-source-'))
afterAll(() => rmSync(root, { recursive: true }))
mkdirSync(join(root, 'shop'))
mkdirSync(join(root, '.git', 'refs', 'heads'), { recursive: true })
const commit = 'a'.repeat(40)
writeFileSync(join(root, '.git', 'HEAD'), 'ref: refs/heads/trunk\n')
writeFileSync(join(root, '.git', 'refs', 'heads', 'trunk'), `${commit}\n`)
const config = join(root, 'shop', 'onetap.config.ts')
writeFileSync(config, "export default {\n  name: 'x',\n  budgets: [\n  ],\n}\n")
writeFileSync(
  join(root, 'shop', 'target.ts'),
  'export default {\n  operations: {\n    nonce: {},\n    oneTap: {},\n    me: {},\n  },\n}\n',
)
const written = { name: 'x', budgets: [], load: { shape: { kind: 'closed', users: 2 } } }

it('notes paths from the repository’s root, lines of operations and budgets, commit, and what the config and flags say', () => {
  expect(planSource({ file: config, written }, './target.ts', { seed: 3, users: 4 }, {})).toEqual({
    config: { file: 'shop/onetap.config.ts', budgetsLine: 3, sets: ['name', 'budgets', 'load.shape.kind', 'load.shape.users'] },
    flags: ['seed', 'load.shape'],
    target: { file: 'shop/target.ts', lines: { nonce: 3, oneTap: 4, me: 5 } },
    commit,
    branch: 'trunk',
  })
})

it('takes commit and branch from CI before it looks itself', () => {
  const source = planSource(
    { file: config, written },
    './target.ts',
    {},
    { GITHUB_SHA: 'b'.repeat(40), GITHUB_HEAD_REF: '', GITHUB_REF_NAME: 'topic' },
  )
  expect([source.commit, source.branch]).toEqual(['b'.repeat(40), 'topic'])
})

it('shows of a file outside the repository only its name', () => {
  expect(planSource({ file: config, written }, join(root, '..', 'elsewhere', 'other.ts'), {}, {}).target).toEqual({
    file: 'other.ts',
    lines: {},
  })
})
