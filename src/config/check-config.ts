import type { z } from 'zod'
import { HarnessError } from '../contract/errors.ts'
import { withExpressions } from './budget-schema.ts'
import { knownKeys, knownKinds } from './known-keys.ts'
import { nearest } from './nearest.ts'
import { type CheckedConfig, configSchema } from './schema.ts'

/** One thing that is wrong: what, where; and what was meant, where that can be guessed. */
interface Finding {
  text: string
  hint?: string
}

/** Checks a configuration of any shape. Throws HarnessError CONFIG that names each path, what was found and the nearest known key. */
export function checkConfig(written: unknown, where: string): CheckedConfig {
  const value = withExpressions(written)
  const parsed = configSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const findings = parsed.error.issues.flatMap(issue => describe(issue, value))
  const hints = findings.flatMap(finding => finding.hint ?? [])
  throw new HarnessError('CONFIG', `${where}: ${findings.map(finding => finding.text).join('; ')}`, {
    hint: hints.length > 0 ? hints.join('; ') : 'the shape is described in reports/schema/config-1.json',
  })
}

function describe(issue: z.core.$ZodIssue, root: unknown): Finding[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(configSchema, issue.path, root)
    return issue.keys.map(key => ({ text: `unknown key "${spell([...issue.path, key])}"`, hint: meant(key, known, 'keys') }))
  }
  if (issue.code === 'invalid_union') return [wrongKind(issue, root)]
  if (issue.code === 'invalid_value') {
    const found = at(root, issue.path)
    const text = `${spell(issue.path)}: ${show(found)} is none of ${issue.values.map(show).join(', ')}`
    return typeof found === 'string' ? [{ text, hint: meant(found, issue.values.map(String), 'words') }] : [{ text }]
  }
  return [{ text: `${spell(issue.path)}: ${sentence(issue.message)}` }]
}

/** A union whose member cannot be told: zod says "Invalid input" and no more. The path ends in the key that chooses. */
function wrongKind(issue: z.core.$ZodIssueInvalidUnion, root: unknown): Finding {
  const found = at(root, issue.path)
  const kinds = knownKinds(configSchema, issue.path.slice(0, -1), root)
  if (kinds.length === 0) return { text: `${spell(issue.path)}: ${sentence(issue.message)}` }
  const text = `${spell(issue.path)}: ${show(found)} is none of ${kinds.join(', ')}`
  return typeof found === 'string' ? { text, hint: meant(found, kinds, 'words') } : { text }
}

function meant(word: string, known: readonly string[], what: 'keys' | 'words'): string {
  const suggestion = nearest(word, known)
  return suggestion === undefined ? `known ${what} here: ${known.join(', ')}` : `did you mean "${suggestion}"?`
}

function at(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | null | undefined)?.[step], root)
}

/** `budgets[0].limitMs`, as one would write it in code. */
function spell(path: readonly PropertyKey[]): string {
  const text = path.map(step => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('')
  return text === '' ? 'the configuration' : text.replace(/^\./, '')
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)).slice(0, 80)
}

/** zod's sentence without its opening "Invalid input: ", as the second half of ours. */
function sentence(message: string): string {
  const text = message.replace(/^Invalid input: /, '')
  return text.charAt(0).toLowerCase() + text.slice(1)
}
