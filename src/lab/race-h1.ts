import http from 'node:http'
import net from 'node:net'
import tls from 'node:tls'
import type { Held, RaceReply } from './race.ts'
import { canonicalHeaders, readBody } from './reply.ts'
import { wireError } from './target-client.ts'
import type { WireRequest } from './wire-request.ts'

/** Last-byte synchronisation over HTTP/1.1: each request on a connection of its own, with all but its last byte sent. */
export function holdOnOwnConnections(requests: readonly WireRequest[], timeoutMs: number): Promise<Held[]> {
  return Promise.all(requests.map(request => hold(request, timeoutMs)))
}

async function hold(request: WireRequest, timeoutMs: number): Promise<Held> {
  let socket: net.Socket
  try {
    socket = await connect(new URL(request.url), timeoutMs, request.from)
  } catch (error) {
    const endedAtMs = performance.now()
    return { release: () => {}, outcome: Promise.resolve({ outcome: { error: wireError(error, timeoutMs) }, endedAtMs }) }
  }
  const body = Buffer.from(request.body ?? '', 'utf8')
  const headers = { ...request.headers, ...(request.body === undefined ? {} : { 'content-length': String(body.length) }) }
  const { method, path } = request
  const { host } = new URL(request.url)
  // Not by its address: `http.request` refuses https ones, whatever the socket is.
  const call = http.request({ method, path, headers: { host, ...headers }, createConnection: () => socket })
  const outcome = settle(call, socket, timeoutMs)
  const flushed = new Promise<void>(resolve => {
    if (body.length > 1) call.write(body.subarray(0, -1), () => resolve())
    else resolve()
  })
  // A server that refuses early may never take the rest.
  await Promise.race([flushed, outcome])
  return {
    release: () => {
      call.end(body.subarray(Math.max(0, body.length - 1)))
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
    const socket = secure
      ? tls.connect({ host, port, servername: net.isIP(host) === 0 ? host : '', ...local })
      : net.connect({ host, port, ...local })
    socket.setNoDelay(true)
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no reply within ${timeoutMs} ms`)))
    socket.once(secure ? 'secureConnect' : 'connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

function settle(call: http.ClientRequest, socket: net.Socket, timeoutMs: number): Promise<RaceReply> {
  return new Promise(resolve => {
    const failed = (error: unknown): void =>
      resolve({ outcome: { error: wireError(error, timeoutMs) }, endedAtMs: performance.now() })
    // A server may answer early and close; the later write error must not undo an answer that came.
    call.on('error', failed)
    call.once('response', response => {
      const answeredAtMs = performance.now()
      readBody(response)
        .then(read => {
          const outcome = { status: response.statusCode ?? 0, headers: canonicalHeaders(response.headers), ...read }
          resolve({ outcome, answeredAtMs, endedAtMs: performance.now() })
        })
        .catch(failed)
        .finally(() => socket.destroy())
    })
  })
}
