import { STATUS_CODES, validateHeaderValue } from 'node:http'
import type { Answer } from '../dialect.ts'

let dateSecond = Number.NaN
let dateText = ''

/** The `Date` header's text for a moment. */
function httpDate(epochMs: number): string {
  const second = Math.floor(epochMs / 1000)
  if (second !== dateSecond) {
    dateSecond = second
    dateText = new Date(second * 1000).toUTCString()
  }
  return dateText
}

/** An answer as Node's server writes it on a connection that stays open, byte for byte. */
export function rawAnswer(answer: Answer, keepAliveMs: number, nowMs: number): string | Buffer {
  const { httpStatus, contentType, headers, body } = answer
  const bodyBytes = Buffer.byteLength(body)
  let more = ''
  if (headers !== undefined) {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderValue(name, value)
      more += `${name}: ${value}\r\n`
    }
  }
  const date = headers?.date === undefined ? `Date: ${httpDate(nowMs)}\r\n` : ''
  const stays = keepAliveMs > 0 ? `Keep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n` : ''
  const head = `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? 'unknown'}\r\ncontent-type: ${contentType}\r\ncontent-length: ${bodyBytes}\r\n${more}${date}Connection: keep-alive\r\n${stays}\r\n`
  if (bodyBytes === body.length) return head + body
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)])
}
