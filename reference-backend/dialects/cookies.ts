import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Dialect } from './dialect.ts'
import { fieldOf, readPayload, textOf } from './payload.ts'

/** As sent by a browser; the `Secure` of the open internet is left out, for this backend speaks plain HTTP on loopback. */
const RULES = 'HttpOnly; SameSite=Lax'
const SESSION = 'sid'
const RENEWAL = 'rid'
const RENEWAL_PATH = '/v1/refresh'

/**
 * The session is a cookie, and outcomes are places to go to: a login leads to the account, a logout home, a refusal to the sign-in
 * page with `?error=CODE`. Too many requests and trouble of our own keep their statuses.
 */
export const cookies: Dialect = app => {
  app.addHook('onRequest', async request => {
    const session = cookieOf(request, SESSION)
    // Bearer tokens open nothing here.
    if (session === undefined) delete request.headers.authorization
    else request.headers.authorization = `Bearer ${session}`
  })
  app.addHook('preHandler', async request => {
    if (request.routeOptions.url === RENEWAL_PATH) request.body = { refreshToken: cookieOf(request, RENEWAL) }
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const body = readPayload(payload)
    const place = placeFor(request, reply, body)
    if (place === undefined) return payload
    reply.code(302).header('location', place).removeHeader('content-length').removeHeader('content-type')
    return ''
  })
}

/** Where a reply sends its reader, having set the cookies it brings; undefined for one that is read as it is. */
function placeFor(request: FastifyRequest, reply: FastifyReply, body: unknown): string | undefined {
  const { statusCode } = reply
  if (statusCode >= 400) {
    if (statusCode === 429 || statusCode >= 500) return undefined
    return `/sign-in?error=${encodeURIComponent(textOf(fieldOf(body, 'error'), 'code') ?? 'REFUSED')}`
  }
  const session = textOf(body, 'tokenA')
  if (session !== undefined) {
    const livesSeconds = Math.floor(Number(fieldOf(body, 'expiresInMs') ?? 0) / 1000)
    setCookies(reply, `${SESSION}=${session}; Path=/; Max-Age=${livesSeconds}`, textOf(body, 'refreshToken'))
    const account = textOf(fieldOf(body, 'account'), 'id')
    return account === undefined ? '/v1/me' : `/v1/accounts/${account}?created=${fieldOf(body, 'created') === true}`
  }
  if (request.routeOptions.url?.startsWith('/v1/logout') !== true) return undefined
  setCookies(reply, `${SESSION}=; Path=/; Max-Age=0`, '')
  return '/'
}

function setCookies(reply: FastifyReply, session: string, renewal: string | undefined): void {
  const ends = renewal === '' ? '; Max-Age=0' : ''
  const second = renewal === undefined ? [] : [`${RENEWAL}=${renewal}; Path=${RENEWAL_PATH}${ends}; ${RULES}`]
  reply.header('set-cookie', [`${session}; ${RULES}`, ...second])
}

function cookieOf(request: FastifyRequest, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}
