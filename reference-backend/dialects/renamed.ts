import { malformed, Refusal } from '../refusal.ts'
import type { Dialect } from './dialect.ts'
import { fieldOf, readPayload } from './payload.ts'
import { REPLY_PLACES, REQUEST_NAMES } from './renamed-names.ts'

const FORM = 'application/x-www-form-urlencoded'

/** Forms instead of JSON, other names, replies nested under `result` or `fault`. Statuses are those of REST. */
export const renamed: Dialect = app => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, readForm(body as string))
    } catch (error) {
      done(error as Error)
    }
  })
  app.addContentTypeParser('*', (_request, _payload, done) => {
    done(new Refusal(415, 'CONTENT_TYPE_UNSUPPORTED', `The body must be ${FORM}.`))
  })
  app.addHook('onSend', async (_request, _reply, payload) => {
    const body = readPayload(payload)
    const error = fieldOf(body, 'error')
    if (body === undefined) return payload
    if (error === undefined) return JSON.stringify({ result: nested(body) })
    return JSON.stringify({ fault: { why: fieldOf(error, 'code'), text: fieldOf(error, 'message') } })
  })
}

/** Each name once: two readings of one request would be two requests. Names that mean nothing here are left out. */
function readForm(text: string): Record<string, string> | undefined {
  if (text === '') return undefined
  const fields: Record<string, string> = {}
  const seen = new Set<string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (seen.has(name)) throw malformed('BODY_MALFORMED', 'A field of the form is there twice.')
    seen.add(name)
    const field = Object.hasOwn(REQUEST_NAMES, name) ? REQUEST_NAMES[name] : undefined
    if (field !== undefined) fields[field] = value
  }
  return fields
}

function nested(body: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(body as Record<string, unknown>)) {
    const [outer = name, inner] = (Object.hasOwn(REPLY_PLACES, name) ? REPLY_PLACES[name] : undefined) ?? [name]
    if (inner === undefined) result[outer] = value
    else result[outer] = { ...(result[outer] as object | undefined), [inner]: value }
  }
  return result
}
