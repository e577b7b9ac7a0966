import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CarrierId, LOGIN_OPERATIONS } from '../../../src/contract/carriers.ts'
import { armFaults, type FaultRule, isDoomed } from '../../../src/contract/fault.ts'
import { drawLatencyUs, type LatencyProfile, latencyTable } from '../../../src/contract/latency.ts'
import { mintAuthCode, readToken, type TokenClaims } from '../../../src/contract/token.ts'

/**
 * A backend in a few lines that plays its carrier itself: `/nonce`, `/login`, `/me`. It sleeps as long as the carrier would for
 * the token, plus `ownMs`, and measures what it did, so that tests have a truth beside the engine's.
 */
export interface FakeBackend {
  url: string
  /** Tokens seen at /login, with the time from request to reply in milliseconds. */
  logins: { claims: TokenClaims | undefined; authCodeOk: boolean; tookMs: number }[]
  /** Requests of any kind, with their Cookie header. */
  requests: { url: string; cookie: string | undefined; authorization: string | undefined }[]
  /** Stops answering: every connection is cut from now on. */
  die(): void
  close(): Promise<void>
}

export interface FakeBackendOptions {
  seed: number
  latency?: LatencyProfile
  faults?: readonly FaultRule[]
  ownMs?: number
  /** Freezes all logins once: from `atMs` after the first login on, for `forMs`. */
  stall?: { atMs: number; forMs: number }
}

export async function startFakeBackend(options: FakeBackendOptions): Promise<FakeBackend> {
  const table = latencyTable(options.latency ?? { kind: 'none' }, options.seed)
  const armed = (carrier: CarrierId) => armFaults(options.faults ?? [], options.seed, carrier, LOGIN_OPERATIONS[carrier])
  const backend: Pick<FakeBackend, 'logins' | 'requests'> = { logins: [], requests: [] }
  let dead = false
  let firstMs: number | undefined
  const server = createServer(async (request, response) => {
    if (dead) return request.socket.destroy()
    const { cookie, authorization } = request.headers
    backend.requests.push({ url: request.url ?? '', cookie, authorization })
    const startMs = performance.now()
    firstMs ??= startMs
    const answer = (status: number, body: object): void => {
      response
        .writeHead(status, { 'content-type': 'application/json', 'set-cookie': 'sticky=1; Path=/' })
        .end(JSON.stringify(body))
    }
    if (request.url === '/nonce') return answer(200, { nonce: 'n' })
    if (request.url === '/me') return answer(authorization === 'Bearer weird' ? 418 : 200, {})
    const input = JSON.parse(await bodyOf(request)) as { carrier: CarrierId; token: string; authCode?: string }
    const claims = readToken(options.seed, input.carrier, input.token)
    const index = claims?.tokenIndex ?? 0
    await sleep(
      drawLatencyUs(table, index, claims?.issuedAtMs ?? 0) / 1000 + (options.ownMs ?? 0) + stallLeft(options.stall, firstMs),
    )
    const authCodeOk = input.carrier !== 'china-telecom' || input.authCode === mintAuthCode(options.seed, index)
    backend.logins.push({ claims, authCodeOk, tookMs: performance.now() - startMs })
    if (claims === undefined) return answer(403, {})
    if (isDoomed(armed(input.carrier), index, claims.issuedAtMs)) return answer(502, {})
    answer(200, { credential: `c${index}` })
  })
  const url = await listen(server)
  return {
    ...backend,
    url,
    die: () => {
      dead = true
      server.closeAllConnections()
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Timers of Node may fire up to a millisecond early or late; a remainder below that is waited out. */
async function sleep(ms: number): Promise<void> {
  if (ms <= 0) return
  const end = performance.now() + ms
  await new Promise(resolve => setTimeout(resolve, ms))
  while (performance.now() < end) await new Promise(setImmediate)
}

function stallLeft(stall: FakeBackendOptions['stall'], firstMs: number): number {
  if (stall === undefined) return 0
  const sinceMs = performance.now() - firstMs
  return sinceMs >= stall.atMs && sinceMs < stall.atMs + stall.forMs ? stall.atMs + stall.forMs - sinceMs : 0
}

function listen(server: Server): Promise<string> {
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return text
}
