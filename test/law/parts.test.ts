import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { indexText, staleIndexes } from '../../scripts/generate-indexes.ts'
import { newPart, writePart } from '../../scripts/new-part.ts'
import { PART_ROOMS, type PartRoom, partId, partsOf } from '../../scripts/part-rooms.ts'
import { AWAITING_AN_ATTACK } from './awaiting-an-attack.ts'
import { ROOT } from './source-files.ts'

const files = PART_ROOMS.flatMap(room => partsOf(ROOT, room).map(part => `${room.folder}/${part}`))
const attackFiles = files.filter(file => file.startsWith('attacks/'))

/** The id a part gives itself, in its text. */
function ownId(text: string): string | undefined {
  return /\bid: '([^']+)'/.exec(text)?.[1]
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}

/** The quoted words of `name: [...]` in a part's text. */
function wordsOf(text: string, name: string): string[] {
  const list = new RegExp(`\\b${name}: \\[([^\\]]*)\\]`).exec(text)?.[1]
  return [...(list ?? '').matchAll(/'([^']+)'/g)].map(match => match[1] ?? '')
}

/** `control=flaw` for each flaw in a control's text: the keys directly inside `flaws`. */
function flawsOf(id: string, text: string): string[] {
  const body = /^ {2}flaws: \{\n([\s\S]*?)^ {2}\}/m.exec(text)?.[1] ?? ''
  return [...body.matchAll(/^ {4}(?:async )?'?([a-z][a-z-]*)'?\s*[:(,]/gm)].map(match => `${id}=${match[1]}`)
}

/** What is wrong with the flaws an attack says it notices, given those there are. */
function wrongNotices(text: string, flaws: readonly string[]): string[] {
  const notices = wordsOf(text, 'notices')
  if (notices.length === 0) return ['notices nothing: what would turn it red?']
  return [...notices, ...wordsOf(text, 'mayNotice')].filter(notice => !flaws.includes(notice))
}

describe('every room of parts', () => {
  it.each(PART_ROOMS.map(room => room.folder))('%s has parts', folder => {
    expect(files.filter(file => file.startsWith(`${folder}/`))).not.toEqual([])
  })

  it('has an index that is fresh (else: npm run index)', () => {
    expect(staleIndexes(ROOT)).toEqual([])
  })
})

it.each(files)('%s has its file name as id', file => {
  expect(ownId(read(file))).toBe(partId(file))
})

it('the part of another name would be noticed', () => {
  expect(ownId("export default defineScenario({\n  id: 'two-tap',\n")).toBe('two-tap')
  expect(ownId('export default defineScenario({})')).toBeUndefined()
})

describe('an attack', () => {
  const flaws = files
    .filter(file => file.startsWith('reference-backend/'))
    .map(file => ({ control: partId(file), flaws: flawsOf(partId(file), read(file)) }))

  it.each(attackFiles)('%s lies in the folder of its family', file => {
    expect(read(file)).toContain(`family: '${file.split('/')[1]}'`)
  })

  it.each(attackFiles)('%s says which flaws of the reference backend turn it red, and they exist', file => {
    expect(
      wrongNotices(
        read(file),
        flaws.flatMap(control => control.flaws),
      ),
    ).toEqual([])
  })

  const noticed = new Set(attackFiles.flatMap(file => wordsOf(read(file), 'notices')))
  it.each(flaws)('notices each flaw of $control, or is awaited', control => {
    expect(control.flaws).not.toEqual([])
    expect(control.flaws.filter(flaw => !noticed.has(flaw) && !AWAITING_AN_ATTACK.includes(flaw))).toEqual([])
  })

  it('is no longer awaited once it is there', () => {
    const all = flaws.flatMap(control => control.flaws)
    expect(AWAITING_AN_ATTACK.filter(flaw => noticed.has(flaw) || !all.includes(flaw))).toEqual([])
  })

  it('without notices, with an unknown control or an unknown flaw is found out', () => {
    const text = "  flaws: {\n    optional: consume => {\n      inner: 1\n    },\n    'format-only': y,\n  },\n"
    const known = flawsOf('nonce-issued', text)
    expect(known).toEqual(['nonce-issued=optional', 'nonce-issued=format-only'])
    expect(wrongNotices('notices: []', known)).toHaveLength(1)
    expect(wrongNotices('no meta at all', known)).toHaveLength(1)
    expect(wrongNotices("notices: ['nonce-issued=optional', 'nonce-issued=format-only']", known)).toEqual([])
    expect(wrongNotices("notices: ['nonce-issued=other']", known)).toEqual(['nonce-issued=other'])
    expect(wrongNotices("notices: ['nonce-absent=optional']", known)).toEqual(['nonce-absent=optional'])
    expect(wrongNotices("notices: ['nonce-issued=optional'],\n mayNotice: ['nonce-issued']", known)).toEqual(['nonce-issued'])
  })
})

describe('a generated index', () => {
  const room: PartRoom = {
    folder: 'scenarios',
    families: false,
    exportName: 'scenarios',
    form: { kind: 'list', type: 'Scenario', typeFrom: '../src/contract/flow.ts' },
  }

  it('says that it is generated and lists the parts', () => {
    const text = indexText(room, ['a-b.ts', 'c.ts'])
    expect(text.split('\n')[0]).toBe('// Generated by scripts/generate-indexes.ts. Do not edit.')
    expect(text).toContain("import aB from './a-b.ts'\nimport c from './c.ts'\n")
    expect(text).toContain('export const scenarios: readonly Scenario[] = [aB, c]\n')
  })

  it('breaks a list that is too long for a line, as the formatter does', () => {
    const parts = Array.from({ length: 12 }, (_, i) => `a-rather-long-name-${String.fromCharCode(97 + i)}.ts`)
    expect(indexText(room, parts)).toContain('= [\n  aRatherLongNameA,\n')
  })

  it('refuses two parts of one name in different families', () => {
    expect(() => indexText(room, ['x/same.ts', 'y/same.ts'])).toThrow('same name')
  })
})

describe('a new part', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'onetap-new-part-'))
  afterAll(() => rmSync(root, { recursive: true, force: true }))
  for (const room of PART_ROOMS) mkdirSync(path.join(root, room.folder), { recursive: true })

  it.each([
    ['attack', 'ft-new', 'forged-token', 'attacks/forged-token/ft-new.ts'],
    ['scenario', 'new-visit', '', 'scenarios/new-visit.ts'],
    ['report', 'new-view', '', 'reports/new-view.ts'],
  ])('%s %s comes with a test and stands in the index', (kind, id, family, file) => {
    const part = newPart([kind, id, family])
    if (typeof part === 'string') throw new Error(part)
    const written = writePart(root, part)
    expect(written).toContain(file)
    expect(written.some(name => name.endsWith(`${id}.test.ts`))).toBe(true)
    expect(ownId(readFileSync(path.join(root, file), 'utf8'))).toBe(id)
    expect(staleIndexes(root)).toEqual([])
    expect(() => writePart(root, part)).toThrow('is there already')
  })

  it('that nobody indexed makes the index stale', () => {
    cpSync(path.join(root, 'scenarios/new-visit.ts'), path.join(root, 'scenarios/other-visit.ts'))
    expect(staleIndexes(root)).toEqual(['scenarios/index.ts'])
    writeFileSync(path.join(root, 'scenarios/other-visit.ts'), 'export const inner = 1\n')
    expect(staleIndexes(root)).toEqual([])
  })

  it.each([[[]], [['attack', 'Bad_Id', 'replay']], [['attack', 'fine', 'no-family']], [['carrier', 'fine']]])(
    'of words that make no sense is refused: %j',
    words => {
      expect(newPart(words)).toMatch(/usage/)
    },
  )
})
