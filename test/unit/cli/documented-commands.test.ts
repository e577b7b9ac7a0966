import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildProgram } from '../../../src/cli/program.ts'
import { ATTACK_FAMILIES } from '../../../src/contract/attack.ts'
import { attacks } from '../../../src/rooms.ts'

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/howto/targets.md',
  'docs/howto/load.md',
  'docs/howto/attacks.md',
  'docs/howto/mocks.md',
  'docs/howto/ci.md',
]
const ROOT = new URL('../../../', import.meta.url)

/** `npx onetap …` wherever it stands, without what a shell would not hand over. */
function commandsOf(text: string): string[] {
  return [...text.matchAll(/npx onetap ([^`\n#)]+)/g)].map(match => (match[1] ?? '').trim())
}

/** What is wrong with a command line, or undefined: the command, its flags, and the words it takes for attacks. */
function objection(line: string): string | undefined {
  const words = line.match(/"[^"]*"|\S+/g) ?? []
  const outer = buildProgram(() => {}).commands.find(one => one.name() === words[0])
  if (outer === undefined) return `there is no command ${words[0]}`
  const command = outer.commands.find(one => one.name() === words[1]) ?? outer
  const unknown = words.filter(word => word.startsWith('--')).find(word => command.options.every(({ long }) => long !== word))
  if (unknown !== undefined) return `${command.name()} has no flag ${unknown}`
  if (command.name() !== 'attack') return undefined
  const flag = words.findIndex(word => word.startsWith('-'))
  const named = words.slice(1, flag === -1 ? undefined : flag)
  const known: readonly string[] = ['all', ...ATTACK_FAMILIES, ...attacks.map(({ meta }) => meta.id)]
  return named.filter(word => !known.includes(word)).map(word => `there is no attack ${word}`)[0]
}

describe('every command that a page tells to type', () => {
  const told = PAGES.flatMap(page => commandsOf(readFileSync(new URL(page, ROOT), 'utf8')).map(line => [page, line] as const))

  it('is looked at, on every page that has some', () => {
    expect(told.length).toBeGreaterThan(15)
    expect(new Set(told.map(([page]) => page))).toContain('README.md')
  })

  it.each(told)('%s: %s', (_page, line) => {
    expect(objection(line)).toBeUndefined()
  })

  it('would be found out with a wrong command, flag or attack', () => {
    expect(objection('runn --rate 5')).toBe('there is no command runn')
    expect(objection('k8s render --targt x')).toBe('render has no flag --targt')
    expect(objection('load --rat 5')).toBe('load has no flag --rat')
    expect(objection('attack replay rp-nonsense --seed 1')).toBe('there is no attack rp-nonsense')
  })
})
