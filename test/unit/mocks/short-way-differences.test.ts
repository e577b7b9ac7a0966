import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer } from '../../../mocks/dialect.ts'
import { openShortWay } from '../../../mocks/short-way/short-way.ts'
import { rawPost } from './raw-exchange.ts'

/** Both tell what they understood; one has the short way. */
let ports: { long: number; short: number }
const servers: Server[] = []
let wentShort = 0

beforeAll(async () => {
  const [long, short] = [echoServer(), echoServer()]
  openShortWay(short, 'http', {
    wallMs: Date.now,
    take: ({ method, path, query, headers, body }, _arrivedAtMs, send) => {
      wentShort++
      send(understood(method, query === '' ? path : `${path}?${query}`, headers, body))
      return true
    },
  })
  // As the short way does by listening, else Node's parser reads the socket itself, and tells of an error only after the requests before it.
  long.on('connection', socket => socket.on('data', () => undefined))
  servers.push(long, short)
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening')
  ports = { long: (long.address() as AddressInfo).port, short: (short.address() as AddressInfo).port }
})
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

function echoServer(): Server {
  return createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      // A question mark with nothing behind it says nothing to any provider.
      const answer = understood(method, url.replace(/^([^?]*)\?$/, '$1'), headers, Buffer.concat(pieces).toString())
      response.writeHead(200, ['content-type', answer.contentType, 'content-length', String(Buffer.byteLength(answer.body))])
      response.end(answer.body)
    })
  })
}

function understood(method: string, url: string, headers: IncomingHttpHeaders, body: string): Answer {
  const text = JSON.stringify([method, url, headers, body])
  return { httpStatus: 200, contentType: 'application/json', body: text, resultCode: '', redeemed: false, billed: false }
}

const PLAIN = rawPost('/x', '{}')

/** All that comes back for some bytes on a connection that was used before, until the server ends it because we ended our half. */
function allAnswers(port: number, bytes: Buffer): Promise<string> {
  return new Promise(resolve => {
    let received = ''
    let sent = false
    const socket = connect(port, '127.0.0.1', () => socket.setNoDelay(true).write(PLAIN))
    socket.on('data', piece => {
      received += piece.toString('latin1')
      if (sent) return
      sent = true
      setImmediate(() => socket.end(bytes))
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(received.replace(/Date: [^\r]+/g, 'Date: D')))
  })
}

const NESTED = rawPost('/hidden', '{}')
const target = fc.oneof(
  fc.constantFrom('/x', '/x?a=1', '/x?', '/x?a=1?b', '/%78', '//x', '/x;y', '/x#y'),
  fc.constantFrom('*', 'http://h/x', '/x\'"<>{}|^`\\', '/\x7f', '/é'),
)
const body = fc.oneof(
  fc.constantFrom('{"a":1}', 'a=b', '中', '\u0000\u007f', '\r\n\r\n', '0\r\n\r\n', NESTED, `0\r\n\r\n${NESTED}`, ''),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const line = fc.oneof(
  fc.constantFrom('transfer-encoding: chunked', 'Transfer-Encoding: identity', 'transfer-encoding : chunked', 'te: trailers'),
  fc.constantFrom('Content-Length: 3', 'content-length: 0', 'content-length:', 'content-length : 2', 'Content_Length: 5'),
  fc.constantFrom('connection: close', 'connection: Keep-Alive', 'connection: keep-alive, x', 'Connection:', 'host: b', 'host:'),
  fc.constantFrom(
    'expect: 100-continue',
    'upgrade: h2c',
    'trailer: x',
    'cookie: a=b',
    'cookie: c=d',
    'x-a:b',
    'X-A:  b\t ',
    'x-a:',
  ),
  fc.constantFrom(' folded', '\tfolded', 'no colon', ':', ': x', '__proto__: x', 'constructor: y', 'keep-alive: timeout=1'),
  fc.constantFrom('x-\u0001: y', 'x-b: \u0001', 'x-b: \u007f', 'x-c: é', 'x-d: y\n', 'x-e: y\rz'),
)
const length = fc.constantFrom<(bytes: number) => string>(
  n => `${n + 1}`,
  n => `${Math.max(0, n - 1)}`,
  n => `0${n}`,
  n => `+${n}`,
  n => `0x${n}`,
  n => ` ${n} `,
  n => `${n}e0`,
)
interface Edit {
  at: number
  instead: number
  piece: string
}
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  instead: fc.nat({ max: 3 }),
  piece: fc.constantFrom('', '\r', '\n', '\r\n', ' ', '\t', ':', '\0', 'é', ',', '\x7f', NESTED),
})
/** Mostly as a plain client writes it, so that each oddity also stands alone. */
const mostly = <T>(plain: T, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(plain) }, { weight: 1, arbitrary: odd })
const requests = fc
  .record({
    method: mostly<string>('POST', fc.constantFrom('post', 'PUT', 'GET', 'POST ')),
    version: mostly<string>('HTTP/1.1', fc.constantFrom('HTTP/1.0', 'HTTP/1.2', 'http/1.1', 'HTTP/1.1 ')),
    type: mostly<string>('application/json', fc.constantFrom('application/json;charset=utf-8', 'Application/JSON', 'text/plain')),
    edits: mostly<Edit[]>([], fc.array(edit, { minLength: 1, maxLength: 2 })),
    lines: fc.array(line, { maxLength: 2 }),
    target: mostly<string>('/x', target),
    body,
    length: mostly<(bytes: number) => string>(bytes => `${bytes}`, length),
  })
  .map(({ method, target, version, type, lines, length, body, edits }) => {
    const bytes = Buffer.byteLength(body)
    const head = ['host: a', `content-type: ${type}`, `content-length: ${length(bytes)}`, ...lines]
    let text = Buffer.from(`${method} ${target} ${version}\r\n${head.join('\r\n')}\r\n\r\n${body}`).toString('latin1')
    for (const { at, instead, piece } of edits) {
      const start = Math.floor(at * text.length)
      text = text.slice(0, start) + piece + text.slice(start + instead)
    }
    return text
  })

describe('the short way', () => {
  it('understands whatever bytes come as the server does, and answers as it would', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async text => {
        const bytes = Buffer.from(text, 'latin1')
        const [long, short] = await Promise.all([allAnswers(ports.long, bytes), allAnswers(ports.short, bytes)])
        expect(short).toBe(long)
      }),
      { numRuns: 1500 },
    )
    expect(wentShort).toBeGreaterThan(100)
  })
})
