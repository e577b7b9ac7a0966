import type { Exchange, Possession } from '../contract/attack.ts'
import type { RawReply } from './reply.ts'
import type { TargetClient } from './target-client.ts'

const MAX_TRIES = 30
const MIN_LENGTH = 8
/** Deeper or larger replies are no login replies. */
const MAX_DEPTH = 12

/** Headers every server sends and no server keeps a session in. */
const PLAIN_HEADERS = new Set(
  'Date Content-Type Content-Length Connection Keep-Alive Server Vary Transfer-Encoding Cache-Control Strict-Transport-Security'.split(
    ' ',
  ),
)

/**
 * Does the reply hold something that works as a credential? The target module's own reading is tried first, then every
 * string in the body, the headers and the cookies, on `me`. A status code is never taken for an answer.
 */
export async function probePossession(client: TargetClient, exchange: Exchange): Promise<Possession | undefined> {
  const reply = client.replyOf(exchange.id)
  if (reply === undefined) return undefined
  const own = exchange.reading.kind === 'granted' ? exchange.reading.credential : undefined
  for (const credential of candidates(reply, own)) {
    const shown = await client.send('me', { credential }, { keep: 'granted' })
    if (shown.reading.kind === 'granted' && shown.reading.account !== undefined)
      return { credential, account: shown.reading.account }
  }
  return undefined
}

/** What might be a credential, most likely first, at most MAX_TRIES. */
export function candidates(reply: RawReply, own: string | undefined): string[] {
  const found = new Set<string>()
  if (own !== undefined) found.add(own)
  for (const text of [...bodyStrings(reply.body), ...headerStrings(reply.headers)]) {
    if (text.length >= MIN_LENGTH && isHeaderSafe(text)) found.add(text)
  }
  return [...found].slice(0, MAX_TRIES)
}

/** A credential travels in a header: text that cannot stand there cannot be one, nor can a sentence; `Bearer …` has one space. */
function isHeaderSafe(text: string): boolean {
  return /^[\x21-\x7e]+( [\x21-\x7e]+)?$/.test(text)
}

function bodyStrings(body: string): string[] {
  try {
    return stringsIn(JSON.parse(body), 0)
  } catch {
    // Not JSON: forms, XML and plain text still hold words.
    return body.match(/[\w\-.~+/=%]{8,}/g) ?? []
  }
}

function stringsIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return []
  return Object.values(value).flatMap(inner => stringsIn(inner, depth + 1))
}

function headerStrings(headers: Readonly<Record<string, string>>): string[] {
  const out: string[] = []
  for (const [name, value] of Object.entries(headers)) {
    if (PLAIN_HEADERS.has(name)) continue
    if (name !== 'Set-Cookie') out.push(value)
    else
      for (const pair of value.split(/;\s*|,\s*(?=[^;,\s]+=)/)) {
        const at = pair.indexOf('=')
        if (at > 0) out.push(pair.slice(at + 1), pair)
      }
  }
  return out
}
