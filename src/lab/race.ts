import http from 'node:http'
import net from 'node:net'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { canonicalHeaders, type RawReply, readBody } from './reply.ts'
import { wireError } from './target-client.ts'
import type { WireRequest } from './wire-request.ts'

/** Time for the held requests to reach the server and be parsed up to their missing byte. */
const STAND_MS = 30

export interface RaceOutcome {
  /** In the order of the requests. */
  replies: { outcome: RawReply | { error: string }; durationMs: number }[]
  /** Milliseconds between the first and the last release. */
  spreadMs: number
}

/**
 * Last-byte synchronisation over HTTP/1.1: every request stands on its own connection with all but its last byte sent; then the
 * last bytes are released in one tick. A server cannot begin a request whose body is not complete, so all begin together.
 * A request without a body is held back whole.
 */
export async function releaseTogether(requests: readonly WireRequest[], timeoutMs: number): Promise<RaceOutcome> {
  const held = await Promise.all(requests.map(request => hold(request, timeoutMs)))
  await sleep(STAND_MS)
  // Timers fire before sockets are read: a turn more, so that nothing of ours is still under way.
  await nextTurn()
  const releases = held.map(one => one.release())
  const replies = await Promise.all(
    held.map(async (one, position) => {
      const outcome = await one.outcome
      return { outcome, durationMs: performance.now() - (releases[position] ?? 0) }
    }),
  )
  const spreadMs = releases.length === 0 ? 0 : Math.max(...releases) - Math.min(...releases)
  return { replies, spreadMs }
}

interface Held {
  /** Sends the last byte; returns when, on the performance clock. Calls nothing asynchronous before the byte is handed to the kernel. */
  release(): number
  outcome: Promise<RawReply | { error: string }>
}

async function hold(request: WireRequest, timeoutMs: number): Promise<Held> {
  let socket: net.Socket
  try {
    socket = await connect(new URL(request.url), timeoutMs, request.from)
  } catch (error) {
    return { release: () => performance.now(), outcome: Promise.resolve({ error: wireError(error, timeoutMs) }) }
  }
  const body = Buffer.from(request.body ?? '', 'utf8')
  const headers = { ...request.headers, ...(request.body === undefined ? {} : { 'content-length': String(body.length) }) }
  const call = http.request(request.url, { method: request.method, headers, createConnection: () => socket })
  const outcome = settle(call, socket, timeoutMs)
  const flushed = new Promise<void>(resolve => {
    if (body.length > 1) call.write(body.subarray(0, -1), () => resolve())
    else resolve()
  })
  // A server that refuses early may never take the rest.
  await Promise.race([flushed, outcome])
  return {
    release: () => {
      const at = performance.now()
      call.end(body.subarray(Math.max(0, body.length - 1)))
      return at
    },
    outcome,
  }
}

function connect(url: URL, timeoutMs: number, from: string | undefined): Promise<net.Socket> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:'
    const local = from === undefined ? {} : { localAddress: from }
    const socket = secure ? tls.connect({ host, port, servername: host, ...local }) : net.connect({ host, port, ...local })
    socket.setNoDelay(true)
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no reply within ${timeoutMs} ms`)))
    socket.once(secure ? 'secureConnect' : 'connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

function settle(call: http.ClientRequest, socket: net.Socket, timeoutMs: number): Promise<RawReply | { error: string }> {
  return new Promise(resolve => {
    // A server may answer early and close; the later write error must not undo an answer that came.
    call.on('error', error => resolve({ error: wireError(error, timeoutMs) }))
    call.once('response', response => {
      readBody(response)
        .then(read => resolve({ status: response.statusCode ?? 0, headers: canonicalHeaders(response.headers), ...read }))
        .catch((error: unknown) => resolve({ error: wireError(error, timeoutMs) }))
        .finally(() => socket.destroy())
    })
  })
}
