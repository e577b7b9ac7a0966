import type { Exchange, Lab } from '../../src/contract/attack.ts'
import { fingerprint } from './fingerprint.ts'

/** An answer as a stranger compares it with another. Plain JSON: part of saved observations. */
export type Answer = {
  exchange: number
  status: number
  /** Equal for answers that look alike: status, header names and words, without what changes from request to request. */
  shape: string
  /** False for limiters, outages and silence. */
  clear: boolean
}

/** Headers that come and go by themselves. */
const RESTLESS =
  /^(?:date|content-length|connection|keep-alive|transfer-encoding|age|etag|server-timing|x-request-id|traceparent)$/i

export function answerOf(lab: Lab, exchange: Exchange): Answer {
  const { id, status, reading } = exchange
  const clear = status !== 0 && status !== 429 && status < 500 && reading.kind !== 'failed'
  return { exchange: id, status, shape: fingerprint(`${status}\n${stillText(lab.textOf(exchange))}`), clear }
}

/** Header names in order and the body, with ids, random values and digits taken out. */
export function stillText(text: string): string {
  const at = text.indexOf('\n\n')
  const head = at < 0 ? text : text.slice(0, at)
  const body = at < 0 ? '' : text.slice(at + 2)
  const names = head
    .split('\n')
    .map(line => line.slice(0, line.indexOf(':')))
    .filter(name => name !== '' && !RESTLESS.test(name))
  const still = body
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '*')
    .replaceAll(/(?=[\w-]*\d)[\w-]{16,}/g, '*')
    .replaceAll(/\d+/g, '#')
  return `${names.sort().join(',')}\n${still}`
}
