/**
 * What the schema knows at a path of a configuration, asked of the schema itself so that there is no second list to keep.
 * Reads zod's `def` objects: documented as the place for tools to look (zod 4, "Zod internals").
 */
interface Definition {
  innerType?: unknown
  element?: unknown
  valueType?: unknown
  options?: unknown[]
  shape?: Record<string, unknown>
  discriminator?: string
  values?: unknown[]
}

/** Keys the schema knows at `path`; for a union those of the member that `root` chooses there. */
export function knownKeys(schema: unknown, path: readonly PropertyKey[], root: unknown): string[] {
  const { found, value } = follow(schema, path, root)
  return Object.keys(shapeOf(found, value))
}

/** The words that choose a member of the union standing at `path`. */
export function knownKinds(schema: unknown, path: readonly PropertyKey[], root: unknown): string[] {
  const { options, discriminator } = definition(follow(schema, path, root).found)
  return (options ?? []).flatMap(option => literals(option, discriminator)).map(String)
}

function follow(schema: unknown, path: readonly PropertyKey[], root: unknown): { found: unknown; value: unknown } {
  let found = schema
  let value = root
  for (const step of path) {
    const { element, valueType } = definition(found)
    found = element ?? valueType ?? shapeOf(found, value)[String(step)]
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[step]
  }
  return { found, value }
}

function shapeOf(schema: unknown, value: unknown): Record<string, unknown> {
  const { shape, options, discriminator } = definition(schema)
  if (shape !== undefined) return shape
  const chosen = (value as Record<string, unknown> | null | undefined)?.[discriminator ?? '']
  const member = options?.find(option => literals(option, discriminator).includes(chosen))
  return definition(member).shape ?? {}
}

function literals(option: unknown, discriminator: string | undefined): unknown[] {
  return definition(definition(option).shape?.[discriminator ?? '']).values ?? []
}

/** The definition under the wrappers of default and nullable. */
function definition(schema: unknown): Definition {
  let def = (schema as { def?: Definition } | undefined)?.def
  while (def?.innerType !== undefined) def = (def.innerType as { def?: Definition }).def
  return def ?? {}
}
