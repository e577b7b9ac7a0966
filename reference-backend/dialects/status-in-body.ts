import type { Dialect } from './dialect.ts'
import { fieldOf, readPayload } from './payload.ts'

/**
 * HTTP 200 for every reply; what happened stands in the body: `{code, reason, message, data}`. `code` is the status REST would
 * have had, `reason` the error code of a refusal.
 */
export const statusInBody: Dialect = app => {
  app.addHook('onSend', async (_request, reply, payload) => {
    const code = reply.statusCode
    const body = readPayload(payload)
    const error = code >= 400 ? fieldOf(body, 'error') : undefined
    reply.code(200).type('application/json; charset=utf-8').removeHeader('content-length')
    return JSON.stringify({
      code,
      reason: fieldOf(error, 'code') ?? 'OK',
      message: fieldOf(error, 'message') ?? '',
      data: error === undefined ? (body ?? null) : null,
    })
  })
}
