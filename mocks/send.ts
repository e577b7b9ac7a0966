import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Answer } from './dialect.ts'
import { type Delivery, LONGEST_HOLD_MS } from './faults/fault-part.ts'
import { rawSocketOf } from './raw-sockets.ts'

/** Past Fastify's reply pipeline, which has nothing to add to a finished text. */
export function send(reply: FastifyReply, answer: Answer): void {
  reply.hijack()
  reply.raw.writeHead(answer.httpStatus, headOf(answer))
  reply.raw.end(answer.body)
}

/** Sends an answer as a fault has it. */
export function deliver(reply: FastifyReply, answer: Answer, delivery: Exclude<Delivery, { kind: 'none' }>): void {
  if (delivery.kind === 'whole') {
    send(reply, answer)
    return
  }
  if (delivery.kind === 'twice') {
    const { socket } = reply.raw
    send(reply, answer)
    // The first answer is in the socket by now; the second follows whatever else the connection is used for.
    socket?.write(rawAnswer(answer))
    return
  }
  reply.hijack()
  reply.raw.writeHead(answer.httpStatus, headOf(answer))
  const body = Buffer.from(answer.body)
  if (delivery.kind === 'drip') drip(reply, body, delivery)
  else cut(reply, body.subarray(0, Math.floor(body.length * delivery.keepShare)))
}

/** Ends a call without an answer; `ended` is called once, when the connection is done with or at once where nothing is held. */
export function endWithout(reply: FastifyReply, { end, holdMs }: Extract<Delivery, { kind: 'none' }>, ended: () => void): void {
  reply.hijack()
  const { socket } = reply.raw
  if (end === 'reset') {
    ended()
    if (socket !== null) rawSocketOf(socket).resetAndDestroy()
    return
  }
  if (end === 'half-close') {
    ended()
    socket?.end()
  }
  const timer = setTimeout(() => reply.raw.destroy(), end === 'hold' ? holdMs : LONGEST_HOLD_MS)
  reply.raw.once('close', () => {
    clearTimeout(timer)
    if (end === 'hold') ended()
  })
}

function drip(reply: FastifyReply, body: Buffer, { overMs, chunks }: { overMs: number; chunks: number }): void {
  reply.raw.flushHeaders()
  const size = Math.max(1, Math.ceil(body.length / chunks))
  const pieces = Math.ceil(body.length / size)
  let piece = 0
  const timer = setInterval(() => {
    reply.raw.write(body.subarray(piece * size, (piece + 1) * size))
    piece++
    if (piece >= pieces) reply.raw.end()
  }, overMs / Math.max(1, pieces))
  reply.raw.once('close', () => clearInterval(timer))
}

function cut(reply: FastifyReply, part: Buffer): void {
  reply.raw.flushHeaders()
  const { socket } = reply.raw
  const done = (): void => void socket?.destroySoon()
  if (part.length === 0) done()
  else reply.raw.write(part, done)
}

function headOf({ contentType, headers, body }: Answer): string[] {
  const head = ['content-type', contentType, 'content-length', String(Buffer.byteLength(body))]
  if (headers !== undefined) head.push(...Object.entries(headers).flat())
  return head
}

function rawAnswer(answer: Answer): string {
  const head = headOf(answer)
  const lines = head.flatMap((name, i) => (i % 2 === 0 ? [`${name}: ${head[i + 1] ?? ''}\r\n`] : []))
  return `HTTP/1.1 ${answer.httpStatus} ${STATUS_CODES[answer.httpStatus] ?? ''}\r\n${lines.join('')}\r\n${answer.body}`
}
