import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { loadUserModules } from '../../../src/engines/user-modules.ts'

const workDir = mkdtempSync(join(tmpdir(), 'onetap-modules-'))
const scenarioModule = fileURLToPath(new URL('../../../scenarios/one-tap.ts', import.meta.url))
afterAll(() => rmSync(workDir, { recursive: true }))

function targetModule(text: string): string {
  const path = join(workDir, `target-${text.length}.ts`)
  writeFileSync(path, text)
  return path
}

describe('a target module', () => {
  it('may import the package by name from anywhere, and be written in any TypeScript', async () => {
    const text = `import { defineTarget } from 'onetap/target'
enum Path { Me = '/me' }
export default defineTarget({ name: 'x', operations: { me: { method: 'GET', path: Path.Me, read: () => ({ kind: 'refused' }) } } })`
    const { target, scenario } = await loadUserModules({ workDir, scenarioModule, targetModule: targetModule(text) })
    expect(target.operations.me?.path).toBe('/me')
    expect(scenario.id).toBe('one-tap')
  })

  it('that wants Node is refused in a sentence', async () => {
    const text = `import { readFileSync } from 'node:fs'\nexport default { name: String(readFileSync), operations: {} }`
    await expect(loadUserModules({ workDir, scenarioModule, targetModule: targetModule(text) })).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('node:fs'),
    })
  })
})
