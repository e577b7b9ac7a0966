import http from 'node:http'
import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'

export type TransportReply = { kind: 'reply'; status: number; text: string } | { kind: 'failed'; reason: string }

export interface Call {
  method: 'GET' | 'POST'
  /** Path and query below the base address. */
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string
}

/** Asks one server over connections that are kept. */
export interface Transport {
  /**
   * Sends once: a second send could spend a token twice. Only when no connection was made, so that nothing can have been sent, is
   * it tried a second time. Does not throw.
   */
  send(call: Call): Promise<TransportReply>
  post(path: string, contentType: string, body: string): Promise<TransportReply>
  /** Host and port as in the Host header. */
  readonly host: string
  close(): void
}

export interface TransportSettings {
  /** One deadline over the whole exchange: a socket timeout alone would let a server trickle bytes for ever. */
  timeoutMs: number
  /** Answers are a few hundred bytes; more than this is a fault, not an answer. */
  maxReplyBytes: number
  followRedirects: boolean
}

export const TRANSPORT_STANDARD = { maxReplyBytes: 64 * 1024, followRedirects: false } as const

/** Before the second try at a connection. Long enough for a listener to come back, short enough for a login to wait. */
const RECONNECT_AFTER_MS = 50

/** Failed before anything was sent. */
const UNCONNECTED = Symbol('unconnected')
type Attempt = TransportReply | (Extract<TransportReply, { kind: 'failed' }> & { [UNCONNECTED]: true })

export function openTransport(baseUrl: URL, settings: TransportSettings): Transport {
  const client = baseUrl.protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 4096 })
  const basePath = baseUrl.pathname.replace(/\/$/, '')
  const send = async (call: Call): Promise<TransportReply> => {
    const options = {
      protocol: baseUrl.protocol,
      hostname: baseUrl.hostname.replace(/^\[|\]$/g, ''),
      port: baseUrl.port,
      agent,
      method: call.method,
      path: basePath + call.path,
      headers: headersOf(call),
    }
    const reply = await attempt(client.request(options), call, settings)
    if (!(UNCONNECTED in reply)) return reply
    await sleep(RECONNECT_AFTER_MS)
    return attempt(client.request(options), call, settings)
  }
  return {
    send,
    post: (path, contentType, body) => send({ method: 'POST', path, headers: { 'content-type': contentType }, body }),
    host: baseUrl.host,
    close: () => agent.destroy(),
  }
}

function headersOf({ headers, body = '', method }: Call): Record<string, string | number> {
  const length = method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {}
  return { accept: 'application/json', ...headers, ...length }
}

function attempt(request: http.ClientRequest, call: Call, settings: TransportSettings): Promise<Attempt> {
  return new Promise(resolve => {
    const { timeoutMs } = settings
    const deadline = setTimeout(() => finish({ kind: 'failed', reason: `no answer within ${timeoutMs} ms` }), timeoutMs)
    const finish = (reply: Attempt): void => {
      clearTimeout(deadline)
      if (reply.kind === 'failed') request.destroy()
      resolve(reply)
    }
    request.on('error', (error: NodeJS.ErrnoException) => {
      const reply = { kind: 'failed', reason: error.message } as const
      finish(error.syscall === 'connect' || error.syscall === 'getaddrinfo' ? { ...reply, [UNCONNECTED]: true } : reply)
    })
    request.on('response', response => {
      const { location } = response.headers
      if (!settings.followRedirects || location === undefined) return readReply(response, settings.maxReplyBytes, finish)
      response.resume()
      clearTimeout(deadline)
      resolve(redirected(location, call, settings))
    })
    request.end(call.body)
  })
}

async function redirected(location: string, call: Call, settings: TransportSettings): Promise<TransportReply> {
  const url = URL.parse(location)
  if (url === null) return { kind: 'failed', reason: 'redirected to nowhere' }
  const next = openTransport(new URL(url.origin), { ...settings, followRedirects: false })
  const reply = await next.send({ ...call, path: url.pathname + url.search })
  next.close()
  return reply
}

function readReply(response: http.IncomingMessage, maxBytes: number, finish: (reply: TransportReply) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxBytes) finish({ kind: 'failed', reason: 'answer too long' })
    else chunks.push(chunk)
  })
  response.on('end', () =>
    finish({ kind: 'reply', status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
  )
  response.on('error', error => finish({ kind: 'failed', reason: error.message }))
  response.on('close', () => {
    if (!response.complete) finish({ kind: 'failed', reason: 'answer broken off' })
  })
}
