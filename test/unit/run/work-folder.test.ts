import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWorkFolder, withholdSecrets } from '../../../src/run/work-folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onetap-work-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('nobody but the user may look into the folder of an engine', () => {
  expect(statSync(openWorkFolder(folder)).mode & 0o077).toBe(0)
  expect(openWorkFolder(folder)).toBe(join(folder, 'work'))
})

test('what an engine leaves behind holds no secret of the run', () => {
  const work = openWorkFolder(folder)
  const vars = { rebindSecret: 'f1f2f3f4f5f6', quotedKey: 'a"b\\c', shortKey: 'v', carrier: 'china-mobile', empty: '' }
  writeFileSync(join(work, 'test.js'), `var vars = ${JSON.stringify(vars)}`)
  writeFileSync(join(work, 'summary.json'), '{}')
  withholdSecrets(work, vars)
  expect(readFileSync(join(work, 'test.js'), 'utf8')).toBe(
    'var vars = {"rebindSecret":"[withheld]","quotedKey":"[withheld]","shortKey":"[withheld]","carrier":"china-mobile","empty":""}',
  )
  expect(readFileSync(join(work, 'summary.json'), 'utf8')).toBe('{}')
})

test('files that only a link leads to are not touched', () => {
  const work = openWorkFolder(folder)
  writeFileSync(join(folder, 'mine.txt'), 'f1f2f3f4f5f6')
  symlinkSync('../mine.txt', join(work, 'link.txt'))
  withholdSecrets(work, { rebindSecret: 'f1f2f3f4f5f6' })
  expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('f1f2f3f4f5f6')
})
