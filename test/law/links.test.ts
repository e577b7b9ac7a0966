import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { at } from './code-text.ts'
import { file, ROOT, repositoryFiles, type SourceFile } from './source-files.ts'

const LINK = /!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|^\s*\[[^\]]+\]:\s*(\S+)/gm

/** The text with code blanked: what looks like a link there is none. Lines are kept. */
function prose(text: string): string {
  return text
    .replace(/^(```|~~~)[\s\S]*?^\1/gm, fence => fence.replace(/[^\n]/g, ' '))
    .replace(/`[^`\n]*`/g, code => ' '.repeat(code.length))
}

/** A heading's anchor as GitHub makes it. */
function anchor(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '')
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}

/** Anchors of a page; a heading that comes twice gets a number. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>()
  const fenceless = text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
  for (const match of fenceless.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const name = anchor(match[1] ?? '')
    let n = 0
    while (anchors.has(n === 0 ? name : `${name}-${n}`)) n++
    anchors.add(n === 0 ? name : `${name}-${n}`)
  }
  for (const match of fenceless.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(match[1] ?? '')
  return anchors
}

/** Relative links of Markdown files that lead nowhere. `exists` takes paths from the repository's root. */
function deadLinks(files: readonly SourceFile[], exists: (name: string) => boolean): string[] {
  const texts = new Map(files.map(source => [source.path, source.text]))
  return files
    .filter(source => source.path.endsWith('.md'))
    .flatMap(source => {
      const text = prose(source.text)
      return [...text.matchAll(LINK)].flatMap(match => {
        const link = match[1] ?? match[2] ?? ''
        if (/^[a-z][a-z+.-]*:/i.test(link)) return []
        const [target = '', fragment] = link.split('#')
        const name = target === '' ? source.path : path.posix.join(path.posix.dirname(source.path), decodeURIComponent(target))
        const page = texts.get(name)
        const found = exists(name) && (fragment === undefined || page === undefined || anchorsOf(page).has(fragment))
        return found ? [] : [at(source, text.slice(0, match.index).split('\n').length, link)]
      })
    })
}

it('every relative link of every page leads somewhere', () => {
  expect(deadLinks(repositoryFiles(), name => existsSync(path.join(ROOT, name)))).toEqual([])
})

it('the law on links bites on a missing page and a missing heading, and on nothing else', () => {
  const there = file('docs/there.md', '# What is `there`?\n\n## Twice\n\n## Twice\n')
  const from = (text: string): string[] => {
    const files = [there, file('docs/from.md', text)]
    return deadLinks(files, name => files.some(source => source.path === name))
  }
  expect(from('[x](gone.md)')).toEqual(['docs/from.md:1: gone.md'])
  expect(from('\n![x](pictures/gone.png "title")')).toEqual(['docs/from.md:2: pictures/gone.png'])
  expect(from('[x](there.md#gone)')).toHaveLength(1)
  expect(from('[x](#gone)')).toHaveLength(1)
  expect(from('[x]: gone.md')).toHaveLength(1)
  expect(from('[x](there.md#what-is-there) [y](there.md#twice-1) [z](https://example.com/gone.md) `[x](gone.md)`')).toEqual([])
  expect(from('```\n[x](gone.md)\n```\n')).toEqual([])
})

it('numbers each decision once, in its file name and in its title', () => {
  const pages = repositoryFiles().filter(source => /^docs\/adr\/.*\.md$/.test(source.path))
  const numbers = pages.map(source => path.basename(source.path).slice(0, 4))
  expect(numbers.filter((number, i) => numbers.indexOf(number) !== i)).toEqual([])
  expect(pages.filter((source, i) => !source.text.startsWith(`# ${numbers[i]} `)).map(source => source.path)).toEqual([])
  expect(pages.length).toBeGreaterThan(0)
})
