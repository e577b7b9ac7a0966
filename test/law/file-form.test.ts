import path from 'node:path'
import { expect, it } from 'vitest'
import { liesIn } from './border-table.ts'
import { codeFiles, file, repositoryFiles, type SourceFile } from './source-files.ts'

const LINES_AT_MOST = 300
const PRODUCT = ['src/', 'mocks/', 'scenarios/', 'attacks/', 'reports/', 'reference-backend/', 'scripts/', 'examples/']

/** Names that say nothing about what is inside. */
const EMPTY_NAME = /(?:^|-)(?:utils?|helpers?|common|misc|managers?)$/

function tooLong(files: readonly SourceFile[]): string[] {
  return files
    .filter(source => liesIn(source.path, PRODUCT))
    .map(source => ({ path: source.path, lines: source.text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > LINES_AT_MOST)
    .map(({ path: name, lines }) => `${name}: ${lines} lines`)
}

function emptyNames(files: readonly SourceFile[]): string[] {
  return files.map(source => source.path).filter(name => name.split('/').some(part => EMPTY_NAME.test(part.split('.')[0] ?? '')))
}

function badCase(files: readonly SourceFile[]): string[] {
  return files.map(source => source.path).filter(name => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(path.posix.basename(name)))
}

it(`no source file is longer than ${LINES_AT_MOST} lines`, () => {
  expect(tooLong(codeFiles())).toEqual([])
  expect(tooLong([file('src/run/run.ts', 'x\n'.repeat(301))])).toEqual(['src/run/run.ts: 301 lines'])
  expect(tooLong([file('src/run/run.ts', 'x\n'.repeat(300))])).toEqual([])
})

it('no file or folder has a name that says nothing', () => {
  expect(emptyNames(repositoryFiles())).toEqual([])
  const bad = [
    'src/utils.ts',
    'mocks/helpers/x.ts',
    'src/run/run-helper.ts',
    'reports/common.test.ts',
    'src/world/port-manager.ts',
  ]
  expect(emptyNames(bad.map(name => file(name, '')))).toEqual(bad)
  expect(emptyNames([file('src/commons-based.ts', '')])).toEqual([])
})

it('source files are named in lower case with hyphens', () => {
  expect(badCase(codeFiles())).toEqual([])
  expect(badCase([file('src/run/runStep.ts', ''), file('src/run/run_step.ts', '')])).toHaveLength(2)
  expect(badCase([file('stores/accounts.postgres.ts', '')])).toEqual([])
})
