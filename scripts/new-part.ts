/**
 * `npm run new -- attack my-id forged-token`: writes a part and its test from a template, then the room's index.
 * Exits 2 when the words do not make sense, and never overwrites a file.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ATTACK_FAMILIES } from '../src/contract/attack.ts'
import { writeIndexes } from './generate-indexes.ts'
import { attackTemplate, type NewPart, reportTemplate, scenarioTemplate } from './part-templates.ts'

const USAGE = `usage: npm run new -- attack <id> <${ATTACK_FAMILIES.join('|')}>
       npm run new -- scenario <id>
       npm run new -- report <id>`

/** The part these words ask for, or the sentence that says what is wrong with them. */
export function newPart(words: readonly string[]): NewPart | string {
  const [kind, id = '', family = ''] = words
  if (kind !== 'attack' && kind !== 'scenario' && kind !== 'report') return USAGE
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) return `"${id}" is no id: lower-case words joined by hyphens\n${USAGE}`
  if (kind === 'scenario') return scenarioTemplate(id)
  if (kind === 'report') return reportTemplate(id)
  if (!ATTACK_FAMILIES.some(known => known === family)) return `there is no attack family "${family}"\n${USAGE}`
  return attackTemplate(id, family)
}

/** Writes both files and the index below `root`; returns what was written. Throws when a file is there already. */
export function writePart(root: string, part: NewPart): string[] {
  const files = [
    [part.file, part.text],
    [part.testFile, part.testText],
  ] as const
  for (const [file] of files) if (existsSync(path.join(root, file))) throw new Error(`${file} is there already`)
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
  return [part.file, part.testFile, ...writeIndexes(root)]
}

if (import.meta.main) {
  const part = newPart(process.argv.slice(2))
  if (typeof part === 'string') {
    process.stderr.write(`${part}\n`)
    process.exitCode = 2
  } else {
    const root = fileURLToPath(new URL('..', import.meta.url))
    for (const file of writePart(root, part)) process.stdout.write(`wrote ${file}\n`)
  }
}
