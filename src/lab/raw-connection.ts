import net from 'node:net'
import tls from 'node:tls'
import type { Exchange, RawConnection } from '../contract/attack.ts'
import type { OperationId, OperationInputs } from '../contract/target.ts'
import { canonicalHeaders, type RawReply } from './reply.ts'
import { type TargetClient, wireError } from './target-client.ts'
import { TargetTrouble } from './trouble.ts'
import type { WireRequest } from './wire-request.ts'

/** More than any answer needs; what comes beyond is not kept. */
const MOST_KEPT_CHARACTERS = 64 * 1024
const WRITE_WITHIN_MS = 1_000

interface RawConnectionOptions {
  request: WireRequest
  connectTimeoutMs: number
  /** Takes what came of it into the transcript. */
  book(outcome: RawReply | { error: string }, durationMs: number): Exchange
}

/** Opens connections for a lab, and ends with it those that an attack forgot. */
export interface Dialer {
  /** Throws TargetTrouble when no connection can be made. */
  dial<Op extends OperationId>(op: Op, input: OperationInputs[Op]): Promise<RawConnection>
  close(): void
}

export function openDialer(client: TargetClient, connectTimeoutMs: number): Dialer {
  const open: RawConnection[] = []
  return {
    async dial(op, input) {
      const request = client.prepare(op, input)
      const book: RawConnectionOptions['book'] = (outcome, durationMs) => client.book(op, request, outcome, durationMs)
      const connection = await openRawConnection({ request, connectTimeoutMs, book })
      open.push(connection)
      return connection
    },
    close: () => {
      for (const connection of open) connection.finish()
    },
  }
}

async function openRawConnection(options: RawConnectionOptions): Promise<RawConnection> {
  const { request, book } = options
  const socket = await connected(options).catch((error: unknown) => {
    throw new TargetTrouble(`no connection to the target: ${wireError(error, options.connectTimeoutMs)}`)
  })
  const openedAt = performance.now()
  let said = ''
  let endedAfterMs: number | undefined
  let trouble: string | undefined
  let booked: Exchange | undefined
  socket.setEncoding('latin1')
  const ended = (): void => {
    endedAfterMs ??= performance.now() - openedAt
  }
  socket.on('data', (text: string) => {
    if (said.length < MOST_KEPT_CHARACTERS) said += text
  })
  socket.on('end', ended)
  socket.on('close', ended)
  socket.on('error', error => {
    trouble = wireError(error, WRITE_WITHIN_MS)
  })
  return {
    request: { line: `${request.method} ${request.path} HTTP/1.1`, headers: headersOf(request), body: request.body ?? '' },
    write: (text, withinMs = WRITE_WITHIN_MS) => written(socket, text, withinMs),
    said: () => said,
    endedAfterMs: () => endedAfterMs,
    finish() {
      if (booked !== undefined) return booked
      socket.destroy()
      const reply = replyIn(said)
      booked = book(reply ?? { error: trouble ?? 'no answer before the connection ended' }, performance.now() - openedAt)
      return booked
    },
  }
}

function connected({ request, connectTimeoutMs }: RawConnectionOptions): Promise<net.Socket> {
  const { protocol, hostname, port } = new URL(request.url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const secure = protocol === 'https:'
  const place = {
    host,
    port: Number(port || (secure ? 443 : 80)),
    ...(request.from === undefined ? {} : { localAddress: request.from }),
  }
  return new Promise((resolve, reject) => {
    const socket = secure ? tls.connect({ ...place, ...(net.isIP(host) === 0 ? { servername: host } : {}) }) : net.connect(place)
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${connectTimeoutMs} ms`)), connectTimeoutMs)
    socket.once('error', reject)
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer)
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

function headersOf({ headers, url }: WireRequest): Record<string, string> {
  return { Host: new URL(url).host, ...headers }
}

/** Whether the system took it all: what the other side does not read piles up here. */
function written(socket: net.Socket, text: string, withinMs: number): Promise<boolean> {
  if (socket.destroyed || socket.writableEnded) return Promise.resolve(false)
  return new Promise(resolve => {
    const done = (taken: boolean) => (): void => {
      clearTimeout(timer)
      socket.off('close', lost)
      resolve(taken)
    }
    const lost = done(false)
    const timer = setTimeout(lost, withinMs)
    socket.once('close', lost)
    socket.write(text, 'latin1', error => (error ? lost() : done(true)()))
  })
}

/** The answer in what was said, as far as it goes; undefined when no status line stands there. */
function replyIn(said: string): RawReply | undefined {
  const [head = '', ...rest] = said.split('\r\n\r\n')
  const [line = '', ...fields] = head.split('\r\n')
  const status = /^HTTP\/1\.[01] (\d{3})\b/.exec(line)?.[1]
  if (status === undefined) return undefined
  const headers: Record<string, string[]> = {}
  for (const field of fields) {
    const at = field.indexOf(':')
    if (at > 0) headers[field.slice(0, at)] = [...(headers[field.slice(0, at)] ?? []), field.slice(at + 1).trim()]
  }
  const known = canonicalHeaders(headers)
  const body = rest.join('\r\n\r\n')
  const whole = /chunked/i.test(known['Transfer-Encoding'] ?? '') ? unchunked(body) : body
  return { status: Number(status), headers: known, body: Buffer.from(whole, 'latin1').toString('utf8'), cut: false }
}

/** The pieces of a chunked body, as far as they came. */
function unchunked(body: string): string {
  let whole = ''
  let at = 0
  for (;;) {
    const line = body.indexOf('\r\n', at)
    const size = line < 0 ? 0 : Number.parseInt(body.slice(at, line), 16)
    if (!(size > 0)) return whole
    whole += body.slice(line + 2, line + 2 + size)
    at = line + 2 + size + 2
  }
}
