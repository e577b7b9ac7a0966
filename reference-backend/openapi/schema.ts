/** A JSON schema (2020-12, as OpenAPI 3.1 takes it). */
export type Schema = Readonly<Record<string, unknown>>

export const text: Schema = { type: 'string' }
export const number: Schema = { type: 'integer' }
export const yesOrNo: Schema = { type: 'boolean' }

/** Text of the shape that the flows check. */
export function shaped({ source }: RegExp): Schema {
  return { type: 'string', pattern: source }
}

/** Fields in the order given; a name that ends in `?` may be missing. */
export function object(fields: Readonly<Record<string, Schema>>): Schema {
  const named = Object.entries(fields).map(([name, schema]): [string, Schema] => [name.replace(/\?$/, ''), schema])
  const required = Object.keys(fields).filter(name => !name.endsWith('?'))
  return { type: 'object', properties: Object.fromEntries(named), ...(required.length === 0 ? {} : { required }) }
}

export function oneOf(values: readonly string[]): Schema {
  return { type: 'string', enum: [...values] }
}

export function anyOf(schemas: readonly Schema[]): Schema {
  return { anyOf: [...schemas] }
}

export function list(items: Schema): Schema {
  return { type: 'array', items }
}
