import { expect, it } from 'vitest'
import { at } from './code-text.ts'
import { file, repositoryFiles, type SourceFile } from './source-files.ts'

const PAGE = 'docs/sources.md'
/** `[S1]`, and both ends of `[S25]-[S30]`. */
const MARK = /\[(S\d{1,3})\]/g

/** Marks that the page of sources does not explain. */
function unknownMarks(files: readonly SourceFile[]): string[] {
  const page = files.find(source => source.path === PAGE)?.text ?? ''
  const known = new Set([...page.matchAll(/^\| (S\d+) \|/gm)].map(match => match[1] ?? ''))
  return files
    .filter(source => source.path !== PAGE)
    .flatMap(source =>
      source.text
        .split('\n')
        .flatMap((line, i) =>
          [...line.matchAll(MARK)].flatMap(match => (known.has(match[1] ?? '') ? [] : [at(source, i + 1, match[0])])),
        ),
    )
}

it('every mark of a source leads to a line of the page of sources', () => {
  expect(unknownMarks(repositoryFiles().filter(source => source.path !== 'test/law/sources.test.ts'))).toEqual([])
})

it('the law on sources bites on a mark that the page does not explain', () => {
  const page = file(PAGE, '| mark | what |\n|---|---|\n| S1 | a document |\n')
  expect(unknownMarks([page, file('mocks/x.ts', '// [S1]\n// [S1][S2]\n')])).toEqual(['mocks/x.ts:2: [S2]'])
  expect(unknownMarks([page, file('mocks/x.ts', 'const a = list[S3]\n')])).toHaveLength(1)
})
