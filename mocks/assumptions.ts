import { parts } from './parts.ts'
import { isObject } from './wire/string-fields.ts'

/**
 * Where no source says what a provider does, its mock assumes something; a behaviour may choose another of the answers the part
 * lists, by `provider.assumption`. A text says what is wrong.
 */
export function parseAssumptions(value: unknown): Record<string, string> | string {
  if (!isObject(value)) return 'assumptions must be an object'
  const chosen: Record<string, string> = {}
  for (const [name, choice] of Object.entries(value)) {
    const answers = answersTo(name)
    if (answers === undefined) return `no provider assumes ${JSON.stringify(name)}${othersOf(name)}`
    if (typeof choice !== 'string' || !answers.includes(choice)) return `assumptions.${name} must be one of ${answers.join(', ')}`
    chosen[name] = choice
  }
  return chosen
}

/** The provider's own names, for whoever mistyped one. */
function othersOf(name: string): string {
  const [provider = ''] = name.split('.', 1)
  const names = Object.keys(parts.find(part => part.id === provider)?.assumptions ?? {})
  return names.length === 0 ? '' : `; ${provider} assumes ${names.join(', ')}`
}

function answersTo(name: string): readonly string[] | undefined {
  const [provider, assumption = ''] = name.split('.', 2)
  const assumptions = parts.find(part => part.id === provider)?.assumptions ?? {}
  return Object.hasOwn(assumptions, assumption) ? assumptions[assumption] : undefined
}

/** Fields of a behaviour that switch guesses about tokens for all providers alike: their life and their single use. */
export const MOCK_SWITCHES: readonly string[] = ['lifetimes', 'reuse']
