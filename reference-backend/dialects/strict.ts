import { sourceOf } from '../flows/limiter.ts'
import { Refusal } from '../refusal.ts'
import type { Dialect } from './dialect.ts'

/** So many requests that change something, per source, within so long. */
const MOST = 30
const WINDOW_MS = 1000
const MOST_SOURCES = 10_000

/** A gateway in front that says 429 early: thirty POSTs a second from one source. */
export const strict: Dialect = (app, { nowMs, sourceOf: source }) => {
  let counts = new Map<string, number>()
  let endsAtMs = 0
  app.addHook('onRequest', async request => {
    if (request.method === 'GET') return
    if (nowMs() >= endsAtMs || counts.size >= MOST_SOURCES) {
      counts = new Map()
      endsAtMs = nowMs() + WINDOW_MS
    }
    const key = sourceOf(source(request))
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count > MOST) throw new Refusal(429, 'RATE_LIMITED', 'Too many. Try again later.', WINDOW_MS / 1000)
  })
}
