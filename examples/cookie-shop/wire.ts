import type { IncomingMessage, ServerResponse } from 'node:http'
import { Refusal } from './refusal.ts'

const LONGEST_BODY_BYTES = 16_384
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads the whole body as UTF-8 text. */
export async function readText(request: IncomingMessage, contentType: string): Promise<string> {
  if (request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() !== contentType) {
    throw new Refusal('contentTypeUnsupported', `this page takes ${contentType}`)
  }
  const chunks: Buffer[] = []
  let length = 0
  // Leaving the loop early must not destroy the request: the refusal still has to go out on its socket.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LONGEST_BODY_BYTES) throw new Refusal('bodyTooLarge', 'the body is too large')
    chunks.push(chunk)
  }
  try {
    return utf8.decode(Buffer.concat(chunks))
  } catch {
    throw new Refusal('bodyMalformed', 'the body is not UTF-8')
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('bodyMalformed', 'the body is not JSON')
  }
}

/** Form fields; each name at most once, so that no two readers of the request can disagree. */
export function parseForm(text: string, names: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (fields.has(name) || !names.includes(name)) throw new Refusal('bodyMalformed', 'a form field is unknown or repeated')
    fields.set(name, value)
  }
  return fields
}

/** An object with no fields but these, or a refusal. */
export function objectOf(value: unknown, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('bodyMalformed', 'an object is missing')
  }
  if (Object.keys(value).some(name => !names.includes(name))) throw new Refusal('bodyMalformed', 'a field is unknown')
  return value as Record<string, unknown>
}

export function cookieOf(request: IncomingMessage, name: string): string | undefined {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return undefined
}

export interface Answer {
  data: Record<string, unknown>
  cookie?: string
}

export function sendAnswer(response: ServerResponse, answer: Answer): void {
  if (answer.cookie !== undefined) response.setHeader('set-cookie', answer.cookie)
  send(response, { errno: 0, errmsg: 'ok', data: answer.data })
}

export function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  // The rest of an unread body must not be taken for the next request.
  if (!response.req.complete) response.setHeader('connection', 'close')
  send(response, { errno: refusal.errno, errmsg: refusal.message, data: {} })
}

export function send(response: ServerResponse, value: unknown): void {
  const bytes = Buffer.from(JSON.stringify(value))
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
  })
  response.end(bytes)
}
