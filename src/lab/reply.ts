import type { Reply } from '../contract/target.ts'

/** Body text kept in a transcript, in UTF-16 code units: enough for any login reply, small enough for thousands of them. */
export const TRANSCRIPT_BODY_LIMIT = 8 * 1024
/** Body bytes read from the wire; the rest is not waited for. A hostile target must not fill our memory. */
export const WIRE_BODY_LIMIT = 1024 * 1024

/** A reply as it left the wire. Satisfies `Reply`, so target modules read it as they read k6's. */
export interface RawReply extends Reply {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** The wire held more than WIRE_BODY_LIMIT. */
  readonly cut: boolean
}

/** `set-cookie` -> `Set-Cookie`: the spelling k6 uses (Go's canonical form). */
export function canonicalName(name: string): string {
  return name
    .split('-')
    .map(part => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase())
    .join('-')
}

/** Header values as one text each; repeated headers are joined with `, ` as k6 joins them, `Set-Cookie` too. */
export function canonicalHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) out[canonicalName(name)] = typeof value === 'string' ? value : value.join(', ')
  }
  return out
}

/** Reads at most WIRE_BODY_LIMIT bytes, then stops listening. */
export async function readBody(stream: AsyncIterable<Buffer | string>): Promise<{ body: string; cut: boolean }> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    const room = WIRE_BODY_LIMIT - size
    chunks.push(bytes.length > room ? bytes.subarray(0, room) : bytes)
    size += Math.min(bytes.length, room)
    if (bytes.length > room) return { body: Buffer.concat(chunks).toString('utf8'), cut: true }
  }
  return { body: Buffer.concat(chunks).toString('utf8'), cut: false }
}

/** Text cut to what a transcript keeps. */
export function forTranscript(text: string): { text: string; truncated: boolean } {
  return text.length <= TRANSCRIPT_BODY_LIMIT
    ? { text, truncated: false }
    : { text: text.slice(0, TRANSCRIPT_BODY_LIMIT), truncated: true }
}
