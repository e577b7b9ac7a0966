import type { Schema } from './schema.ts'
import { ref, type SCHEMAS } from './schemas.ts'

export interface Described {
  summary: string
  /** Needs a session. */
  session?: true
  /** Takes a ticket of POST /v1/reauth. */
  ticket?: true
  body?: keyof typeof SCHEMAS
  /** A body may be left out. */
  bodyOptional?: true
  /** Status and what comes with it; no schema, no body. */
  answers: Readonly<Record<string, Schema | undefined>>
  /** Statuses of refusals that this operation can meet, beside those that any can. */
  refuses?: readonly number[]
  parameters?: readonly Schema[]
}

const WORDS: Readonly<Record<number, string>> = {
  400: 'The request is not of the right shape.',
  401: 'A credential, nonce, token or code is no good.',
  403: 'Not without more proof.',
  404: 'There is nothing here.',
  409: 'It is taken, spent or cannot be told.',
  413: 'The body is too large.',
  415: 'The body must be application/json in UTF-8.',
  422: 'This carrier is not offered here.',
  429: 'Too many; Retry-After says when to come back.',
  501: 'This way is not set up here.',
  502: 'Whoever had to be asked gave no usable answer.',
  503: 'Busy, or a store cannot be reached.',
}

/** An OpenAPI operation object. */
export function operation(described: Described): Schema {
  const { summary, session, ticket, body, bodyOptional, answers, refuses = [], parameters = [] } = described
  const always = body === undefined ? [503] : [400, 413, 415, 503]
  const refusals = [...new Set([...always, ...(session ? [401] : []), ...refuses])].sort((a, b) => a - b)
  const all = [...parameters, ...(ticket ? [{ $ref: '#/components/parameters/Ticket' }] : [])]
  return {
    summary,
    ...(session ? { security: [{ session: [] }] } : {}),
    ...(all.length === 0 ? {} : { parameters: all }),
    ...(body === undefined ? {} : { requestBody: { required: !bodyOptional, content: json(ref(body)) } }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, schema]) => [status, answer('As asked.', schema)])),
      ...Object.fromEntries(refusals.map(status => [String(status), answer(WORDS[status] ?? 'No.', ref('Error'))])),
    },
  }
}

function answer(description: string, schema: Schema | undefined): Schema {
  return { description, ...(schema === undefined ? {} : { content: json(schema) }) }
}

function json(schema: Schema): Schema {
  return { 'application/json': { schema } }
}
