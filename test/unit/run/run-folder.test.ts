import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { HarnessError } from '../../../src/contract/errors.ts'
import { createRunFolder, onDisk } from '../../../src/run/run-folder.ts'

let cwd: string
beforeEach(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), 'onetap-folder-')))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

function failure(work: () => unknown): HarnessError {
  try {
    work()
  } catch (error) {
    if (error instanceof HarnessError) return error
    throw error
  }
  throw new Error('it worked')
}

const latest = (): string => realpathSync(join(cwd, '.onetap', 'latest'))

test('a run has a folder of its own, and `latest` points at the last one', () => {
  const first = createRunFolder(cwd, 'run-1', undefined)
  expect(first.path).toBe(join(cwd, '.onetap/runs/run-1'))
  expect(latest()).toBe(first.path)
  const second = createRunFolder(cwd, 'run-2', undefined)
  expect(latest()).toBe(second.path)
  expect(existsSync(first.path)).toBe(true)
  expect(readdirSync(join(cwd, '.onetap')).sort()).toEqual(['latest', 'runs'])
})

test('the link is relative: the tree may be moved', () => {
  createRunFolder(cwd, 'run-1', undefined)
  expect(readlinkSync(join(cwd, '.onetap/latest'))).toBe('runs/run-1')
})

test('--out names the folder, and `latest` points there too', () => {
  expect(createRunFolder(cwd, 'run-1', 'ci/report').path).toBe(join(cwd, 'ci/report'))
  expect(latest()).toBe(join(cwd, 'ci/report'))
})

test('a folder that is there already is used, with what lies in it', () => {
  mkdirSync(join(cwd, 'out'))
  writeFileSync(join(cwd, 'out', 'notes.txt'), 'mine')
  const folder = createRunFolder(cwd, 'run-1', 'out')
  folder.write('plan.json', '{}')
  expect(readFileSync(join(cwd, 'out', 'notes.txt'), 'utf8')).toBe('mine')
})

test.each(['plan.json', 'evidence.jsonl', 'result.json'])(
  'a folder that holds the %s of an earlier run is refused: two runs must not mix',
  name => {
    mkdirSync(join(cwd, 'out'))
    writeFileSync(join(cwd, 'out', name), '{}')
    const error = failure(() => createRunFolder(cwd, 'run-2', 'out'))
    expect(error.code).toBe('USAGE')
    expect(error.message).toContain(name)
    expect(existsSync(join(cwd, '.onetap'))).toBe(false)
  },
)

test('a document is whole or not there at all', () => {
  const folder = createRunFolder(cwd, 'run-1', undefined)
  folder.write('plan.json', 'first')
  folder.write('plan.json', 'second')
  expect(readFileSync(folder.file('plan.json'), 'utf8')).toBe('second')
  expect(readdirSync(folder.path).sort()).toEqual(['plan.json'])
})

test('a file in the folder’s place is told in a sentence', () => {
  writeFileSync(join(cwd, 'out'), '')
  for (const out of ['out', 'out/below']) {
    const error = failure(() => createRunFolder(cwd, 'run-1', out))
    expect(error.code).toBe('DISK')
    expect(error.message).toContain('a file is in its place')
  }
})

test('a place that cannot be written is told in a sentence', () => {
  // Even the superuser cannot make a folder there. (Below /proc, Node's recursive mkdir never ends.)
  const error = failure(() => createRunFolder(cwd, 'run-1', '/sys/onetap-run'))
  expect(error.code).toBe('DISK')
  expect(error.hint).toContain('--out')
})

test('a folder that stands where the link should be does not stop the run', () => {
  mkdirSync(join(cwd, '.onetap', 'latest', 'mine'), { recursive: true })
  expect(createRunFolder(cwd, 'run-1', undefined).path).toContain('run-1')
  expect(existsSync(join(cwd, '.onetap', 'latest', 'mine'))).toBe(true)
  expect(readdirSync(join(cwd, '.onetap')).sort()).toEqual(['latest', 'runs'])
})

test('a link to a folder that is gone is replaced', () => {
  mkdirSync(join(cwd, '.onetap'))
  symlinkSync('runs/gone', join(cwd, '.onetap', 'latest'), 'dir')
  expect(latestAfter('run-1')).toBe(join(cwd, '.onetap/runs/run-1'))
})

function latestAfter(runId: string): string {
  createRunFolder(cwd, runId, undefined)
  return latest()
}

test('a bug is not taken for a full disk', () => {
  const bug = new TypeError('x is not a function')
  expect(() =>
    onDisk('here', () => {
      throw bug
    }),
  ).toThrow(bug)
})
