import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HarnessError } from '../../../src/contract/errors.ts'
import { openLedger, readLedger } from '../../../src/run/ledger.ts'
import { createRedactor } from '../../../src/run/redact.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onetap-ledger-'))
  file = join(folder, 'evidence.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const ledgerAt = (path: string) => openLedger(path, createRedactor('salt'), () => 1000)

function written(...notes: string[]): string {
  const ledger = ledgerAt(file)
  for (const text of notes) ledger.append({ kind: 'note', text })
  ledger.close()
  return readFileSync(file, 'utf8')
}

function failure(work: () => unknown): HarnessError {
  try {
    work()
  } catch (error) {
    return error as HarnessError
  }
  throw new Error('it worked')
}

test('records are numbered from one, stamped, one JSON object a line', () => {
  const lines = written('a\nb', 'c').split('\n')
  expect(lines.map(line => line && JSON.parse(line))).toEqual([
    { schemaVersion: '1.0.0', seq: 1, atMs: 1000, kind: 'note', text: 'a\nb' },
    { schemaVersion: '1.0.0', seq: 2, atMs: 1000, kind: 'note', text: 'c' },
    '',
  ])
})

test('what was written can be read back', () => {
  written('a', 'b')
  expect(readLedger(file)).toMatchObject([
    { seq: 1, text: 'a' },
    { seq: 2, text: 'b' },
  ])
})

test('a record is on disk when append returns', () => {
  const ledger = ledgerAt(file)
  ledger.append({ kind: 'note', text: 'a' })
  expect(readLedger(file)).toHaveLength(1)
  ledger.close()
})

test('nothing that stands in the file is ever changed', () => {
  const ledger = ledgerAt(file)
  ledger.append({ kind: 'note', text: 'a' })
  const before = readFileSync(file, 'utf8')
  ledger.append({ kind: 'note', text: 'b' })
  expect(readFileSync(file, 'utf8').startsWith(before)).toBe(true)
  ledger.close()
})

test('append redacts, and returns what it wrote', () => {
  const ledger = ledgerAt(file)
  const body = ledger.append({ kind: 'note', text: 'call 13812345678' })
  ledger.close()
  expect(body).toEqual({ kind: 'note', text: 'call 138****5678' })
  expect(readLedger(file)).toMatchObject([body])
})

test('after the end nothing more is recorded', () => {
  const ledger = ledgerAt(file)
  ledger.close()
  expect(failure(() => ledger.append({ kind: 'note', text: 'late' })).code).toBe('INTERRUPTED')
  expect(readFileSync(file, 'utf8')).toBe('')
})

test.runIf(existsSync('/dev/full'))('a full disk is told in a sentence, and nothing is written behind the cut line', () => {
  const ledger = ledgerAt('/dev/full')
  const first = failure(() => ledger.append({ kind: 'note', text: 'a' }))
  expect(first.code).toBe('DISK')
  expect(first.message).toContain('the disk is full')
  expect(first.hint).toContain('--out')
  expect(failure(() => ledger.append({ kind: 'note', text: 'b' }))).toBe(first)
  ledger.close()
})

test('a folder that does not exist is trouble with the disk', () => {
  expect(failure(() => ledgerAt(join(folder, 'gone', 'evidence.jsonl'))).code).toBe('DISK')
})

test('a last line cut short is dropped', () => {
  const text = written('a', 'b')
  for (const cut of [1, 5, 40]) {
    writeFileSync(file, text.slice(0, -1 - cut))
    expect(readLedger(file)).toMatchObject([{ text: 'a' }])
  }
})

test('a last line that is whole but for its line feed is kept', () => {
  writeFileSync(file, written('a', 'b').slice(0, -1))
  expect(readLedger(file)).toHaveLength(2)
})

test.each([
  ['cut in the middle', (lines: string[]) => [lines[0]!.slice(0, -4), lines[1]!, ''], 'line 1 is not JSON'],
  ['a broken last line with a line feed', (lines: string[]) => [lines[0]!, lines[1]!.slice(0, -4), ''], 'line 2 is not JSON'],
  ['an empty line', (lines: string[]) => [lines[0]!, '', lines[1]!, ''], 'line 2 is not JSON'],
  ['a line that is no record', (lines: string[]) => ['null', ...lines], 'line 1 is no record'],
  ['a missing line', (lines: string[]) => lines.slice(1), 'line 1 has number 2'],
  ['a line told twice', (lines: string[]) => [lines[0]!, ...lines], 'line 2 has number 1'],
  ['lines in another order', (lines: string[]) => [lines[1]!, lines[0]!, ''], 'line 1 has number 2'],
  ['another version', (lines: string[]) => lines.map(line => line.replace('1.0.0', '2.0.0')), 'evidence version 2.0.0'],
  [
    'another version in an unended last line',
    (lines: string[]) => [lines[0]!, lines[1]!.replace('1.0.0', '2.0.0')],
    'evidence version 2.0.0',
  ],
  ['an unknown kind', (lines: string[]) => lines.map(line => line.replace('"note"', '"toString"')), 'unknown kind "toString"'],
])('%s is refused: evidence is not guessed', (_what, change, sentence) => {
  writeFileSync(file, change(written('a', 'b').split('\n')).join('\n'))
  const error = failure(() => readLedger(file))
  expect(error.code).toBe('EVIDENCE')
  expect(error.message).toContain(sentence)
})

test('an empty ledger holds no records, and a missing one is told with a hint', () => {
  appendFileSync(file, '')
  expect(readLedger(file)).toEqual([])
  expect(failure(() => readLedger(join(folder, 'gone')))).toMatchObject({ code: 'EVIDENCE' })
  expect(failure(() => readLedger(join(folder, 'gone'))).hint).toContain('.onetap/latest')
})
