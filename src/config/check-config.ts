import type { z } from 'zod'
import { HarnessError } from '../contract/errors.ts'
import { nearest } from './nearest.ts'
import { type CheckedConfig, configSchema } from './schema.ts'

/** Checks a configuration of any shape. Throws HarnessError CONFIG that names the path, what was found and the nearest known key. */
export function checkConfig(value: unknown, where: string): CheckedConfig {
  const parsed = configSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(issue => describe(issue, value))
  throw new HarnessError('CONFIG', `${where}: ${issues.map(i => i.text).join('; ')}`, {
    hint: issues.find(i => i.hint !== undefined)?.hint ?? 'the shape is described in reports/schema/config-1.json',
  })
}

function describe(issue: z.core.$ZodIssue, root: unknown): { text: string; hint?: string } {
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const known = knownKeys(issue.path, root)
    const suggestion = nearest(key, known)
    return {
      text: `unknown key "${path === '' ? key : `${path}.${key}`}"`,
      hint: suggestion === undefined ? `known keys here: ${known.join(', ')}` : `did you mean "${suggestion}"?`,
    }
  }
  return { text: `${path === '' ? 'the configuration' : path}: ${issue.message}` }
}

/** Keys the schema knows at a path: found by asking the schema's own JSON form, so that there is no second list to keep. */
function knownKeys(path: readonly PropertyKey[], root: unknown): string[] {
  let schema: unknown = configSchema
  let value: unknown = root
  for (const step of path) {
    schema = child(schema, step, value)
    value = (value as Record<PropertyKey, unknown> | undefined)?.[step]
  }
  return Object.keys(shapeOf(schema, value))
}

interface SchemaInternals {
  def?: {
    type?: string
    innerType?: unknown
    element?: unknown
    options?: unknown[]
    shape?: Record<string, unknown>
    discriminator?: string
  }
}

function unwrap(schema: unknown): SchemaInternals['def'] {
  let def = (schema as SchemaInternals | undefined)?.def
  while (def?.innerType !== undefined) def = (def.innerType as SchemaInternals).def
  return def
}

function shapeOf(schema: unknown, value: unknown): Record<string, unknown> {
  const def = unwrap(schema)
  if (def?.shape !== undefined) return def.shape
  const matching = def?.options?.find(option => {
    const shape = unwrap(option)?.shape ?? {}
    const literal = unwrap(shape[def.discriminator ?? '']) as { values?: unknown[] } | undefined
    return literal?.values?.includes((value as Record<string, unknown> | undefined)?.[def.discriminator ?? '']) ?? false
  })
  return matching === undefined ? {} : (unwrap(matching)?.shape ?? {})
}

function child(schema: unknown, step: PropertyKey, value: unknown): unknown {
  const def = unwrap(schema)
  if (def?.element !== undefined) return def.element
  return shapeOf(schema, value)[String(step)]
}
