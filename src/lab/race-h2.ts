import http2 from 'node:http2'
import net from 'node:net'
import tls from 'node:tls'
import type { Held, RaceReply, RaceWire } from './race.ts'
import { canonicalHeaders, readBody } from './reply.ts'
import { wireError } from './target-client.ts'
import type { WireRequest } from './wire-request.ts'

/** Of HTTP/1.1's own: RFC 9113 8.2.2 forbids them in HTTP/2; the length and the host travel in other ways. */
const CONNECTION_HEADERS = new Set(
  'connection keep-alive proxy-connection transfer-encoding upgrade host te content-length'.split(' '),
)

/**
 * Last-frame synchronisation: the requests are streams of one HTTP/2 connection, each with all but its last DATA frame sent; the
 * last frames are handed over in one tick and leave together. Requests from different addresses go over one connection each, as do
 * those beyond the streams the server allows. Undefined when the target does not speak HTTP/2: nothing was sent then.
 */
export async function holdOnStreams(requests: readonly WireRequest[], wire: RaceWire): Promise<Held[] | undefined> {
  const [first] = requests
  if (first === undefined) return undefined
  const url = new URL(first.url)
  if (url.protocol !== 'https:' && wire.http2PriorKnowledge !== true) return undefined
  const sessions = sessionPool(url, wire.timeoutMs)
  const held: StandingStream[] = []
  for (const request of requests) {
    const session = await sessions.for(request.from)
    if (session === undefined) {
      sessions.close()
      return undefined
    }
    held.push(holdStream(session, request, wire.timeoutMs))
  }
  // Pings overtake data: only one that is sent after the data was written shows, by its answer, that the data has arrived.
  await Promise.all(held.map(({ written, outcome }) => Promise.race([written, outcome])))
  await Promise.all(sessions.all().map(session => pinged(session, wire.timeoutMs)))
  void Promise.all(held.map(one => one.outcome)).finally(() => sessions.close())
  return held
}

interface SessionPool {
  /** A session from this address with a stream to spare; undefined when the target does not speak HTTP/2. */
  for(from: string | undefined): Promise<http2.ClientHttp2Session | undefined>
  all(): http2.ClientHttp2Session[]
  close(): void
}

function sessionPool(url: URL, timeoutMs: number): SessionPool {
  const open: { from: string | undefined; session: http2.ClientHttp2Session; left: number }[] = []
  return {
    async for(from) {
      const free = open.find(one => one.from === from && one.left > 0)
      if (free !== undefined) {
        free.left--
        return free.session
      }
      const session = await openSession(url, from, timeoutMs)
      if (session === undefined) return undefined
      open.push({ from, session, left: Math.max(1, session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY) - 1 })
      return session
    },
    all: () => open.map(({ session }) => session),
    close: () => {
      for (const { session } of open) session.destroy()
    },
  }
}

/** Resolves once the server's settings are known. Trouble with the wire is the HTTP/1.1 gate's to report: undefined too. */
async function openSession(url: URL, from: string | undefined, timeoutMs: number): Promise<http2.ClientHttp2Session | undefined> {
  const socket = await dial(url, from, timeoutMs)
  if (socket === undefined) return undefined
  const session = http2.connect(url.origin, { createConnection: () => socket })
  return new Promise(resolve => {
    const give = (found: http2.ClientHttp2Session | undefined): void => {
      clearTimeout(late)
      if (found === undefined) session.destroy()
      resolve(found)
    }
    const late = setTimeout(() => give(undefined), timeoutMs)
    // Errors after this moment are told by the streams.
    session.on('error', () => give(undefined))
    session.once('remoteSettings', () => give(session))
  })
}

function dial(url: URL, from: string | undefined, timeoutMs: number): Promise<net.Socket | undefined> {
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const where = { host, port: Number(url.port) || (secure ? 443 : 80), ...(from === undefined ? {} : { localAddress: from }) }
  return new Promise(resolve => {
    const socket = secure
      ? tls.connect({ ...where, servername: net.isIP(host) === 0 ? host : '', ALPNProtocols: ['h2', 'http/1.1'] })
      : net.connect(where)
    const give = (found: net.Socket | undefined): void => {
      socket.setTimeout(0)
      socket.off('error', giveUp)
      if (found === undefined) socket.on('error', () => {}).destroy()
      resolve(found)
    }
    const giveUp = (): void => give(undefined)
    socket.setNoDelay(true)
    socket.setTimeout(timeoutMs, giveUp)
    socket.once('error', giveUp)
    socket.once(secure ? 'secureConnect' : 'connect', () =>
      give(socket instanceof tls.TLSSocket && socket.alpnProtocol !== 'h2' ? undefined : socket),
    )
  })
}

interface StandingStream extends Held {
  written: Promise<void>
}

function holdStream(session: http2.ClientHttp2Session, request: WireRequest, timeoutMs: number): StandingStream {
  const body = Buffer.from(request.body ?? '', 'utf8')
  const headers = {
    ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => !CONNECTION_HEADERS.has(name.toLowerCase()))),
    ':method': request.method,
    ':path': request.path,
  }
  if (body.length === 0) return holdWhole(session, headers, timeoutMs)
  const stream = session.request({ ...headers, 'content-length': String(body.length) }, { endStream: false })
  const written = new Promise<void>(resolve => {
    if (body.length > 1) stream.write(body.subarray(0, -1), () => resolve())
    else resolve()
  })
  return {
    written,
    release: () => {
      stream.end(body.subarray(body.length - 1))
    },
    outcome: settle(stream, timeoutMs),
  }
}

/** Nothing of it is sent before the release. */
function holdWhole(session: http2.ClientHttp2Session, headers: http2.OutgoingHttpHeaders, timeoutMs: number): StandingStream {
  let answer: (reply: Promise<RaceReply>) => void = () => {}
  const outcome = new Promise<RaceReply>(resolve => {
    answer = resolve
  })
  const release = (): void => answer(settle(session.request(headers, { endStream: true }), timeoutMs))
  return { written: Promise.resolve(), release, outcome }
}

function settle(stream: http2.ClientHttp2Stream, timeoutMs: number): Promise<RaceReply> {
  return new Promise(resolve => {
    const failed = (error: unknown): void =>
      resolve({ outcome: { error: wireError(error, timeoutMs) }, endedAtMs: performance.now() })
    stream.setTimeout(timeoutMs, () => {
      failed(new Error(`no reply within ${timeoutMs} ms`))
      stream.close(http2.constants.NGHTTP2_CANCEL)
    })
    stream.on('error', failed)
    // A stream can end without an answer and without an error: the server went away.
    const gone = (): void => failed(new Error('the connection ended before an answer came'))
    stream.once('close', gone)
    stream.once('response', head => {
      stream.off('close', gone)
      const answeredAtMs = performance.now()
      const headers = canonicalHeaders(
        Object.fromEntries(Object.entries(head).filter(([name]) => !name.startsWith(':'))) as never,
      )
      readBody(stream)
        .then(read =>
          resolve({ outcome: { status: head[':status'] ?? 0, headers, ...read }, answeredAtMs, endedAtMs: performance.now() }),
        )
        .catch(failed)
    })
  })
}

function pinged(session: http2.ClientHttp2Session, timeoutMs: number): Promise<void> {
  return new Promise(resolve => {
    const late = setTimeout(resolve, timeoutMs)
    const done = (): void => {
      clearTimeout(late)
      resolve()
    }
    if (session.destroyed || !session.ping(done)) done()
  })
}
