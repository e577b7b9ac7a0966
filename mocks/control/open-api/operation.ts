/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 has them. */
export type Schema = Readonly<Record<string, unknown>>

/** One route of the control plane, as the OpenAPI document describes it. */
export interface ApiOperation {
  method: 'get' | 'put' | 'post' | 'patch' | 'delete'
  /** Parameters as `{name}`. */
  path: string
  summary: string
  /** Needs no bearer token. */
  open?: true
  query?: Readonly<Record<string, Schema>>
  body?: Schema
  /** A merge patch (RFC 7396) rather than a whole value. */
  mergePatch?: true
  reply: Schema
  /** Of the reply; JSON unless told. */
  replyType?: string
}

export const text = { type: 'string' } as const
export const flag = { type: 'boolean' } as const
export const whole = { type: 'integer' } as const
export const count = { type: 'integer', minimum: 0 } as const
export const share = { type: 'number', minimum: 0, maximum: 1 } as const
export const timeMs = { type: 'number', minimum: 0 } as const

export const oneOf = (...words: readonly string[]): Schema => ({ type: 'string', enum: words })
export const listOf = (items: Schema): Schema => ({ type: 'array', items })
export const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values })
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })
export const open: Schema = { type: 'object' }

/** An object with these fields; those of the second argument may be absent. Unknown fields of requests are refused. */
export function fields(required: Readonly<Record<string, Schema>>, optional: Readonly<Record<string, Schema>> = {}): Schema {
  const names = Object.keys(required)
  return {
    type: 'object',
    properties: { ...required, ...optional },
    ...(names.length === 0 ? {} : { required: names }),
    additionalProperties: false,
  }
}
