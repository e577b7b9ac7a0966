import { Agent, request } from 'node:http'

/** What a carrier answered to an access code. `unavailable` covers everything that is neither a clear yes nor a clear no. */
export type Exchange = { kind: 'number'; phone: string } | { kind: 'refused' } | { kind: 'unavailable'; why: string }

export function unavailable(why: string): Exchange {
  return { kind: 'unavailable', why }
}

/** A yes only with a whole mainland number: an empty or masked one must never become an account. */
export function phoneAnswer(phone: unknown): Exchange {
  return typeof phone === 'string' && /^1\d{10}$/.test(phone)
    ? { kind: 'number', phone }
    : unavailable('no phone number in a success')
}

const TIMEOUT_MS = 3000
const LONGEST_ANSWER_BYTES = 65_536
const agent = new Agent({ keepAlive: true, maxSockets: 512 })

/**
 * POSTs to a carrier and returns the JSON object it answers. Rejects on anything but HTTP 200 with a JSON object within the
 * deadline. Redirects are not followed and nothing is repeated: a redeemed code cannot be redeemed again.
 */
export function callCarrier(url: string, contentType: string, body: string): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body)
    const outgoing = request(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': contentType, 'content-length': bytes.length },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    outgoing.on('error', reject)
    outgoing.on('response', incoming => {
      const chunks: Buffer[] = []
      let length = 0
      incoming.on('error', reject)
      incoming.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > LONGEST_ANSWER_BYTES) outgoing.destroy(new Error('the carrier answers without end'))
        else chunks.push(chunk)
      })
      incoming.on('end', () => {
        if (incoming.statusCode !== 200) return reject(new Error(`the carrier answered HTTP ${incoming.statusCode}`))
        try {
          resolve(jsonObject(Buffer.concat(chunks).toString('utf8')))
        } catch (error) {
          reject(error)
        }
      })
    })
    outgoing.end(bytes)
  })
}

/** Parses text that must be a JSON object. */
export function jsonObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not a JSON object')
  return value as Record<string, unknown>
}
