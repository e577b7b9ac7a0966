import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Dialect, DialectMeans } from './dialect.ts'

interface EarlierReply {
  status: number
  body: string
}

interface Kept {
  reply: Promise<EarlierReply>
  settle: (reply: EarlierReply) => void
  endsAtMs: number
}

/** As long as a nonce lives: a client that retries later has to begin anew anyway. */
const KEPT_MS = 120_000
const MOST_KEPT = 10_000

/**
 * A login by a proof that is good once (nonce, code), sent twice by the same device, gets the same reply twice, and nothing is
 * done the second time: clients on bad networks retry. Device: the header `x-device-id`, or the address where it is missing.
 * Refusals are not kept: a retry may do better. Nor are logins by a password or an access token: the same words may be a new
 * login after a logout, which the kept reply would answer with the session that ended.
 */
export const idempotent: Dialect = (app, means) => {
  const kept = new Map<string, Kept>()
  const own = new WeakMap<FastifyRequest, { key: string; entry: Kept }>()
  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url?.startsWith('/v1/login/') !== true || !isGoodOnce(request.body)) return undefined
    const key = keyOf(request, means)
    const earlier = kept.get(key)
    if (earlier !== undefined && earlier.endsAtMs > means.nowMs()) {
      const { status, body } = await earlier.reply
      return reply.code(status).type('application/json; charset=utf-8').send(body)
    }
    const entry = opened(means.nowMs())
    own.set(request, { key, entry })
    kept.set(key, entry)
    forgetOldest(kept)
    return undefined
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const mine = own.get(request)
    if (mine === undefined) return payload
    // Whoever waited gets this reply, also a refusal: it was one request.
    mine.entry.settle({ status: reply.statusCode, body: String(payload) })
    if (reply.statusCode >= 400 && kept.get(mine.key) === mine.entry) kept.delete(mine.key)
    return payload
  })
}

function isGoodOnce(body: unknown): boolean {
  return typeof body === 'object' && body !== null && (Object.hasOwn(body, 'nonce') || Object.hasOwn(body, 'code'))
}

function opened(nowMs: number): Kept {
  const { promise, resolve } = Promise.withResolvers<EarlierReply>()
  return { reply: promise, settle: resolve, endsAtMs: nowMs + KEPT_MS }
}

/** A map keeps the order of insertion. */
function forgetOldest(kept: Map<string, Kept>): void {
  if (kept.size <= MOST_KEPT) return
  for (const key of kept.keys()) {
    kept.delete(key)
    return
  }
}

/** A digest: the request holds a carrier token, and the memory of this process should not. */
function keyOf(request: FastifyRequest, { sourceOf }: DialectMeans): string {
  const device = request.headers['x-device-id'] ?? sourceOf(request)
  const text = JSON.stringify([request.url, device, request.body])
  return createHash('sha256').update(text).digest('base64url')
}
