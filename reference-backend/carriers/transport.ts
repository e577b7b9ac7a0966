import http from 'node:http'
import https from 'node:https'

export type TransportReply = { kind: 'reply'; status: number; text: string } | { kind: 'failed'; reason: string }

/** Posts to one carrier over connections that are kept. */
export interface Transport {
  /** Sends once and never again, redirects are not followed: a second send could spend a token twice. Does not throw. */
  post(path: string, contentType: string, body: string): Promise<TransportReply>
  close(): void
}

/** Carriers answer with a few hundred bytes; more than this is a fault, not an answer. */
const MAX_REPLY_BYTES = 64 * 1024

export function openTransport(baseUrl: URL, timeoutMs: number): Transport {
  const client = baseUrl.protocol === 'https:' ? https : http
  const agent = new client.Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 4096 })
  const basePath = baseUrl.pathname.replace(/\/$/, '')
  const target = {
    protocol: baseUrl.protocol,
    hostname: baseUrl.hostname.replace(/^\[|\]$/g, ''),
    port: baseUrl.port,
    method: 'POST',
    agent,
  }
  return {
    post: (path, contentType, body) =>
      new Promise(resolve => {
        const headers = { 'content-type': contentType, 'content-length': Buffer.byteLength(body), accept: 'application/json' }
        const request = client.request({ ...target, path: basePath + path, headers })
        // One deadline over the whole exchange: a socket timeout alone would let a carrier trickle bytes for ever.
        const deadline = setTimeout(() => finish({ kind: 'failed', reason: `no answer within ${timeoutMs} ms` }), timeoutMs)
        const finish = (reply: TransportReply): void => {
          clearTimeout(deadline)
          if (reply.kind === 'failed') request.destroy()
          resolve(reply)
        }
        request.on('error', error => finish({ kind: 'failed', reason: error.message }))
        request.on('response', response => readReply(response, finish))
        request.end(body)
      }),
    close: () => agent.destroy(),
  }
}

function readReply(response: http.IncomingMessage, finish: (reply: TransportReply) => void): void {
  const chunks: Buffer[] = []
  let size = 0
  response.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > MAX_REPLY_BYTES) finish({ kind: 'failed', reason: 'answer too long' })
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
