import { defineControl } from './define.ts'

export default defineControl<(ttlMs: number) => number>({
  id: 'nonce-lifetime',
  why: 'a nonce nobody used is a login request waiting to be finished by whoever finds it',
  sound: ttlMs => ttlMs,
  flaws: {
    // The life stands in the reply; the store was never told.
    'nonce-no-ttl': () => 365 * 24 * 3_600_000,
  },
})
