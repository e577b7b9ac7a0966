import autocannon from 'autocannon'
import { HarnessError } from '../contract/errors.ts'
import type { Reply } from '../contract/target.ts'
import { canonicalHeaders } from '../lab/reply.ts'
import type { Crowd } from './crowd.ts'
import { HonestUser } from './honest-user.ts'
import type { LoadRequest } from './prepared-requests.ts'

export interface AutocannonDrive {
  crowd: Crowd
  users: number
  baseUrl: string
  requestTimeoutMs: number
  /** When the load is over, on the clock of `performance.now()`; visits under way may take a request's time longer. */
  endMs: number
}

/** What of an autocannon client its types leave out (lib/httpClient.js of 9.0.0; test/contract/autocannon-traps.test.ts). */
interface ClientInside extends autocannon.Client {
  reqsMade: number
  /** Milliseconds; the option of the same name takes whole seconds only. */
  timeout: number
  /** Read before every request: once so many are made, the client ends instead of sending another. */
  responseMax: number | undefined
  destroy(): void
}

/**
 * Runs one autocannon client per user until the crowd is closed and every visit has ended. Each client asks its own user for
 * each request, so a flow may take as many steps as it likes: autocannon's own context, which it clears whenever it has gone
 * through its list of requests, is not used. Its rate mode and its figures are not used either (rate mode reports wrong latency).
 */
export async function driveAutocannon(drive: AutocannonDrive): Promise<void> {
  const { crowd, users, baseUrl } = drive
  // Its own end: visits that hang although the crowd is closed are cut off, and count as begun but not completed.
  const mostSeconds = Math.ceil((drive.endMs - performance.now() + drive.requestTimeoutMs + 2000) / 1000)
  try {
    await autocannon({
      url: baseUrl,
      connections: users,
      duration: mostSeconds,
      // How often it looks whether all clients have ended.
      sampleInt: 100,
      setupClient: client => {
        const inside = client as ClientInside
        inside.timeout = drive.requestTimeoutMs
        attach(inside, new HonestUser(crowd))
      },
    })
  } catch (cause) {
    throw new HarnessError('ENGINE_FAILED', `autocannon cannot run: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

function attach(client: ClientInside, user: HonestUser): void {
  let last: autocannon.Request = {}
  client.setRequests([
    {
      setupRequest(template: autocannon.Request): autocannon.Request {
        const request = user.next()
        if (request === undefined) {
          // It must be given something: the client is gone before this leaves, because it is not connected (a client that is
          // ends in onResponse below).
          process.nextTick(() => client.destroy())
          return { ...template, ...last }
        }
        last = wire(request)
        return { ...template, ...last }
      },
      onResponse(status, body, _context, headers) {
        user.reply(reply(status, body, headers))
        if (user.done) client.responseMax = client.reqsMade
      },
    },
  ])
}

function wire({ method, path, headers, body }: LoadRequest): autocannon.Request {
  // Without a body autocannon leaves the length out; a POST without one is then read differently by different servers.
  const length = body === undefined && method !== 'GET' ? { 'Content-Length': '0' } : {}
  const request = { method: method as 'POST', path, headers: { ...length, ...headers } }
  return body === undefined ? request : { ...request, body }
}

function reply(status: number, body: string, headers: Record<string, string | string[] | undefined> | undefined): Reply {
  return { status, body, headers: canonicalHeaders(headers ?? {}) }
}
