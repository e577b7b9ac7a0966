import http2 from 'node:http2'
import https from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeCertificates } from '../../../mocks/certificates.ts'
import { releaseTogether } from '../../../src/lab/race.ts'
import type { WireRequest } from '../../../src/lab/wire-request.ts'

const post = (url: string, body: string | undefined): WireRequest => ({
  method: 'POST',
  url: `${url}/login`,
  path: '/login',
  headers: { 'Content-Type': 'application/json', Connection: 'keep-alive' },
  body,
})
const many = (url: string, n: number): WireRequest[] => Array.from({ length: n }, (_, i) => post(url, `{"i":${i}}`))

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  return (server.address() as AddressInfo).port
}

interface Seen {
  port: number
  /** Sockets that carried a request, and how many requests stood when each became complete. */
  sockets: Set<unknown>
  standing: number[]
}

/** Echoes every body, and notes how many requests stood when each became complete. */
async function echoServer(server: http2.Http2Server | http2.Http2SecureServer): Promise<Seen> {
  const seen: Seen = { port: 0, sockets: new Set(), standing: [] }
  let begun = 0
  server.on('stream', (stream, headers) => {
    begun++
    seen.sockets.add(stream.session)
    const chunks: Buffer[] = []
    stream.on('data', chunk => chunks.push(chunk as Buffer))
    stream.on('error', () => {})
    stream.on('end', () => {
      seen.standing.push(begun)
      stream.respond({ ':status': 200, 'x-path': String(headers[':path']) })
      stream.end(Buffer.concat(chunks))
    })
  })
  seen.port = await listen(server as unknown as Server)
  return seen
}

describe('the race gate over HTTP/2', () => {
  it('holds every stream of one connection back until all stand, and releases them together', async () => {
    const seen = await echoServer(http2.createServer())
    const requests = many(`http://127.0.0.1:${seen.port}`, 20)
    const raced = await releaseTogether(requests, { timeoutMs: 5_000, http2PriorKnowledge: true })
    expect(raced.method).toBe('h2-last-frame')
    expect(seen.sockets.size).toBe(1)
    expect(seen.standing).toEqual(new Array(20).fill(20))
    expect(raced.replies.map(({ outcome }) => ('error' in outcome ? outcome.error : outcome.body))).toEqual(
      requests.map(({ body }) => body),
    )
    expect(raced.overlap).toBe(1)
  })

  it('releases requests without a body whole', async () => {
    const seen = await echoServer(http2.createServer())
    const requests = [post(`http://127.0.0.1:${seen.port}`, undefined), post(`http://127.0.0.1:${seen.port}`, undefined)]
    const { replies } = await releaseTogether(requests, { timeoutMs: 5_000, http2PriorKnowledge: true })
    expect(replies.map(({ outcome }) => ('error' in outcome ? outcome.error : outcome.status))).toEqual([200, 200])
  })

  it('opens another connection beyond the streams that a server allows', async () => {
    const seen = await echoServer(http2.createServer({ settings: { maxConcurrentStreams: 4 } }))
    const { replies } = await releaseTogether(many(`http://127.0.0.1:${seen.port}`, 10), {
      timeoutMs: 5_000,
      http2PriorKnowledge: true,
    })
    expect(seen.sockets.size).toBe(3)
    expect(replies.every(({ outcome }) => 'status' in outcome && outcome.status === 200)).toBe(true)
  })

  it('reports streams that get no answer, or whose connection is cut, instead of throwing', async () => {
    const server = http2.createServer()
    server.on('stream', (stream, headers) => {
      stream.on('error', () => {})
      if (headers[':path'] === '/cut') stream.resume().on('end', () => stream.session?.destroy())
    })
    server.on('session', session => session.on('error', () => {}))
    const url = `http://127.0.0.1:${await listen(server)}`
    const wire = { timeoutMs: 150, http2PriorKnowledge: true }
    const mute = await releaseTogether(many(url, 2), wire)
    const cut = await releaseTogether([{ ...post(url, '{}'), path: '/cut' }], wire)
    for (const { outcome } of [...mute.replies, ...cut.replies]) expect(outcome).toHaveProperty('error')
    expect(mute.overlap).toBe(1)
  })

  it('asks a TLS server by ALPN and speaks what it answers', async () => {
    const { key, cert } = await makeCertificates(['127.0.0.1'], Date.now())
    const both = await echoServer(http2.createSecureServer({ key, cert, allowHTTP1: true }))
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    onTestFinished(() => {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    })
    const raced = await releaseTogether(many(`https://127.0.0.1:${both.port}`, 6), { timeoutMs: 5_000 })
    expect(raced.method).toBe('h2-last-frame')
    expect(both.standing).toEqual(new Array(6).fill(6))

    const old = https.createServer({ key, cert, ALPNProtocols: ['http/1.1'] }, (request, response) => {
      request.resume().on('end', () => response.end('{}'))
    })
    const fallen = await releaseTogether(many(`https://127.0.0.1:${await listen(old)}`, 3), { timeoutMs: 5_000 })
    expect(fallen.method).toBe('h1-last-byte')
    expect(fallen.replies.every(({ outcome }) => 'status' in outcome && outcome.status === 200)).toBe(true)
  })
})
