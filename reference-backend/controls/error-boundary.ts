import { isMalformed, malformed, Refusal } from '../refusal.ts'
import { isStoreOutage } from '../stores/outage.ts'
import { reportTrouble } from '../trouble.ts'
import { defineControl } from './define.ts'

export interface ErrorReply {
  status: number
  body: { error: { code: string; message: string } }
  /** For the Retry-After header. */
  retryAfterSeconds?: number
}

/** Turns whatever a handler threw into the reply. */
export type ErrorBoundary = (error: unknown) => ErrorReply

export default defineControl<() => ErrorBoundary>({
  id: 'error-boundary',
  why: 'bad input is the client’s fault and says so; what went wrong inside is nobody’s business outside',
  sound: () => error => replyOf(refusalOf(error)),
  flaws: {
    // No validation layer: input of a shape nobody thought of reaches the framework's default handler in debug mode.
    absent: () => error => {
      const refusal = refusalOf(error)
      if (!isMalformed(refusal)) return replyOf(refusal)
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      return { status: 500, body: { error: { code: 'INTERNAL', message: text } } }
    },
    // Debug output left on: the reply says where it happened and what the thing outside had said.
    'verbose-errors': () => error => {
      const reply = replyOf(refusalOf(error))
      const cause = error instanceof Error && error.cause !== undefined ? ` Cause: ${String(error.cause)}` : ''
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      return { ...reply, body: { error: { code: reply.body.error.code, message: text + cause } } }
    },
  },
})

function replyOf(refusal: Refusal): ErrorReply {
  const { status, code, message, retryAfterSeconds } = refusal
  return { status, body: { error: { code, message } }, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const status = statusOf(error)
  if (status === 413) return new Refusal(413, 'BODY_TOO_LARGE', 'The body is too large.')
  if (status === 415) return new Refusal(415, 'CONTENT_TYPE_UNSUPPORTED', 'The body must be application/json in UTF-8.')
  if (status >= 400 && status < 500) return malformed('REQUEST_MALFORMED', 'The request cannot be read.')
  reportTrouble(error)
  if (isStoreOutage(error)) return new Refusal(503, 'STORE_UNAVAILABLE', 'The service cannot reach its store. Try again.')
  return new Refusal(500, 'INTERNAL', 'Something went wrong on our side.')
}

/** Fastify's own errors carry the status they stand for; 0 for every other error. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number') return 0
  return error.statusCode
}
