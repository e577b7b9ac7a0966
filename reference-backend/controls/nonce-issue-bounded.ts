import type { Limit } from '../limits.ts'
import { Refusal } from '../refusal.ts'
import { defineControl } from './define.ts'

/** Bounds how many nonces one source may fetch. Counted in this process: a round trip for each nonce would double its cost. */
export type AdmitNonce = (source: string) => void

/** Sources counted at a time; beyond it counting begins anew, so that the count itself is bounded. */
const MOST_SOURCES = 100_000

export default defineControl<(limit: Limit, nowMs: () => number) => AdmitNonce>({
  id: 'nonce-issue-bounded',
  why: 'each nonce is kept for minutes, and asking for one is free',
  sound: (limit, nowMs) => {
    let counts = new Map<string, number>()
    let endsAtMs = 0
    return source => {
      if (nowMs() >= endsAtMs || counts.size >= MOST_SOURCES) {
        counts = new Map()
        endsAtMs = nowMs() + limit.windowMs
      }
      const count = (counts.get(source) ?? 0) + 1
      counts.set(source, count)
      if (count > limit.most) {
        throw new Refusal(429, 'RATE_LIMITED', 'Too many. Try again later.', Math.ceil(limit.windowMs / 1000))
      }
    }
  },
  flaws: {
    'nonce-store-unbounded': () => () => {},
  },
})
