import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const scratch = mkdtempSync(join(tmpdir(), 'onetap-config-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const loader = fileURLToPath(new URL('../../../src/config/load-config.ts', import.meta.url))
// A real Node: inside vitest every import goes through its own transformer, which would hide what type stripping cannot do.
const script = `
  const { loadConfig } = await import(process.argv[1])
  const told = await loadConfig(process.argv[3] || undefined, process.argv[2]).catch(e => ({ code: e.code, message: e.message, hint: e.hint }))
  process.stdout.write(JSON.stringify(told))`

interface Told {
  config?: { name: string; seed: number }
  file?: string
  folder?: string
  code?: string
  message?: string
  hint?: string
}

function load(from: string, named = ''): Told {
  const args = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', '--input-type=module', '-e', script, loader, from, named]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Told
}

function folder(name: string, source?: string): string {
  const path = join(scratch, name)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'package.json'), '{"type":"module"}')
  if (source !== undefined) writeFileSync(join(path, 'onetap.config.ts'), source)
  return path
}

const target = `target: { url: 'http://127.0.0.1:1' }`

test('a config is found in a folder above, and its own folder is told', () => {
  const above = folder('above', `const seed: number = 5\nexport default { seed, ${target} }`)
  const below = folder('above/deep/deeper')
  expect(load(below)).toMatchObject({ config: { seed: 5 }, file: join(above, 'onetap.config.ts'), folder: above })
})

test('a config that needs more than type stripping is loaded by tsx', () => {
  const path = folder('enum', `enum Name { Mine = 'mine' }\nexport default { name: Name.Mine, ${target} }`)
  expect(load(path).config?.name).toBe('mine')
})

test('an enum in a file that the config imports is loaded as well', () => {
  const path = folder('nested', `import { Name } from './name.ts'\nexport default { name: Name.Mine, ${target} }`)
  writeFileSync(join(path, 'name.ts'), `export enum Name { Mine = 'nested' }`)
  expect(load(path).config?.name).toBe('nested')
})

test('a missing file is named, with what to do', () => {
  expect(load(scratch, 'gone.ts')).toMatchObject({ code: 'CONFIG', hint: 'check the path given with --config' })
  expect(load(scratch, 'gone.ts').message).toContain(join(scratch, 'gone.ts'))
})

test('no config anywhere points to `onetap init`', () => {
  const told = load(folder('empty'))
  expect(told).toMatchObject({ code: 'CONFIG' })
  expect(told.hint).toContain('onetap init')
})

test('a file without a default export says so', () => {
  expect(load(folder('named', `export const config = { ${target} }`)).message).toContain('has no default export')
})

test.each([
  ['an error', `throw new Error('the vault is locked')`, 'the vault is locked'],
  ['a text', `throw 'the vault is locked'`, 'the vault is locked'],
  ['nothing', `throw undefined`, 'undefined'],
  ['an error after tsx took over', `enum A { B }\nthrow new Error('the vault is locked')`, 'the vault is locked'],
  ['a syntax error', `export default {`, 'cannot be loaded'],
  ['a missing import', `import './gone.ts'`, 'gone.ts'],
])('a config that throws %s is told in one sentence', (name, source, sentence) => {
  const told = load(folder(`throws ${name}`, source))
  expect(told.code).toBe('CONFIG')
  expect(told.message).toContain(sentence)
  expect(told.message).not.toContain('\n')
})
