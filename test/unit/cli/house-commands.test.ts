import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith, onetap } from './real-binary.ts'

test('`list --json` is one JSON document of all lists, each entry with id and sentence', async () => {
  const { code, stdout, stderr } = await onetap(['list', '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lists = JSON.parse(stdout) as Record<string, { id: string; about: string }[]>
  expect(Object.keys(lists)).toEqual(expect.arrayContaining(['attacks', 'scenarios', 'engines', 'reports', 'exit-codes']))
  for (const rows of Object.values(lists)) {
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toMatchObject({ id: expect.stringMatching(/./), about: expect.stringMatching(/./) })
  }
})

test('`list attacks` shows only attacks', async () => {
  const { code, stdout } = await onetap(['list', 'attacks'])
  expect(code).toBe(0)
  expect(stdout).toContain('rp-nonce-race')
  expect(stdout).not.toContain('one-tap ')
})

test('a reader that goes away is no trouble', async () => {
  const { spawn } = await import('node:child_process')
  const shell = spawn('sh', ['-c', `"$0" bin/onetap.js list --json | head -c 1; echo "$?"`, process.execPath], {
    cwd: new URL('../../..', import.meta.url),
  })
  let text = ''
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (text += String(chunk)))
  await new Promise(done => shell.on('close', done))
  expect(text).toBe('{0\n')
})

test('`init` writes config and target once, and never over what is there', async () => {
  const folder = folderWith()
  const first = await onetap(['init'], folder)
  expect(first.code, first.stderr).toBe(0)
  expect(readdirSync(folder).sort()).toEqual(['onetap.config.ts', 'onetap.target.ts'])
  writeFileSync(join(folder, 'onetap.target.ts'), 'mine')
  const second = await onetap(['init'], folder)
  expect(second.code).toBe(2)
  expect(second.stderr).toContain('onetap.config.ts and onetap.target.ts exist already')
  expect(readFileSync(join(folder, 'onetap.target.ts'), 'utf8')).toBe('mine')
})

test('`init` writes neither file when one is there', async () => {
  const folder = folderWith({ 'onetap.target.ts': 'mine' })
  expect((await onetap(['init', '.'], folder)).code).toBe(2)
  expect(readdirSync(folder)).toEqual(['onetap.target.ts'])
})

test.each(['gone', 'file'])('`init %s` wants a folder that is there', async dir => {
  const { code, stderr } = await onetap(['init', dir], folderWith({ file: '' }))
  expect(code).toBe(2)
  expect(stderr).toContain('is no folder')
})

test('`init` into a folder and then `run` ends in a sentence about the backend that is not there yet', async () => {
  const folder = folderWith()
  mkdirSync(join(folder, 'bench'))
  await onetap(['init', 'bench'], folder)
  const { code, stderr, stdout } = await onetap(['attack', '--out', 'out'], join(folder, 'bench'))
  expect(code, stderr).toBe(3)
  expect(stdout + stderr).toContain('the target ended before it answered')
  expect(stdout + stderr).not.toMatch(/^\s+at /m)
})

test('`doctor` looks around and exits 0', async () => {
  const { code, stdout } = await onetap(['doctor', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ what: 'Node', state: 'ok' }))
})
