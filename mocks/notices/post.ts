import http from 'node:http'
import https from 'node:https'

/** What is posted: made anew for each try, because a signature covers the moment of sending. */
export interface Composed {
  headers: Readonly<Record<string, string>>
  body: string
}

export type PostOutcome = { kind: 'answered'; httpStatus: number } | { kind: 'failed'; error: string }

export type Post = (url: string, message: Composed, timeoutMs: number, signal: AbortSignal) => Promise<PostOutcome>

/**
 * Posts on a connection of its own and never follows a redirect. For an https listener with a test CA start the mocks with
 * NODE_EXTRA_CA_CERTS.
 */
export const postOnce: Post = (url, { headers, body }, timeoutMs, signal) =>
  new Promise(resolve => {
    const { request } = url.startsWith('https:') ? https : http
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    sent.on('response', response => {
      resolve({ kind: 'answered', httpStatus: response.statusCode ?? 0 })
      response.on('error', () => undefined).resume() // the status is all that counts
    })
    sent.on('error', error => resolve({ kind: 'failed', error: error.message.slice(0, 200) }))
    sent.end(body)
  })
