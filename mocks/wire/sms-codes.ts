import { mixPair, saltOf } from '../../src/contract/rng.ts'
import type { Memory } from '../memory.ts'

/** Where a code holds: one number within one scheme of one account. */
export type SmsCodeKey = string

interface LiveCode {
  code: string
  expiresAtMs: number
}

/** At most this many codes of a key live at once. */
const MOST_LIVE = 10
/** Keys kept; the longest untouched go first. */
const MOST_KEYS = 100_000

const SALT = saltOf('sms code')

interface SmsCodesSnapshot {
  live: [SmsCodeKey, LiveCode[]][]
  lastSentMs: [SmsCodeKey, number][]
  drawn: number
}

/** Codes sent by text message and not yet used. Token clock, milliseconds. Chance is seeded by a count. */
export class SmsCodes implements Memory {
  readonly #seed: number
  readonly #live = new Map<SmsCodeKey, LiveCode[]>()
  readonly #lastSentMs = new Map<SmsCodeKey, number>()
  #drawn = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Text of `length` characters of the alphabet. */
  draw(length: number, alphabet: string): string {
    const draw = this.#drawn++
    return Array.from({ length }, (_, place) => {
      const word = mixPair(mixPair(this.#seed ^ SALT, draw), place)
      return alphabet.charAt(word % alphabet.length)
    }).join('')
  }

  /** Milliseconds until the key may be sent to again; 0 = now. */
  waitMs(key: SmsCodeKey, intervalMs: number, nowMs: number): number {
    const last = this.#lastSentMs.get(key)
    return last === undefined ? 0 : Math.max(0, last + intervalMs - nowMs)
  }

  /** `overwrite`: earlier codes of the key stop holding. */
  sent(key: SmsCodeKey, code: string, lifetimeMs: number, nowMs: number, overwrite: boolean): void {
    const earlier = overwrite ? [] : this.#living(key, nowMs)
    this.#touch(key)
    this.#live.set(key, [...earlier, { code, expiresAtMs: nowMs + lifetimeMs }].slice(-MOST_LIVE))
    this.#lastSentMs.set(key, nowMs)
  }

  /** True when a living code fits, which then is used up unless codes work more than `once`. */
  use(key: SmsCodeKey, fits: (code: string) => boolean, nowMs: number, once = true): boolean {
    const living = this.#living(key, nowMs)
    const at = living.findIndex(one => fits(one.code))
    if (at < 0) return false
    if (once) this.#live.set(key, living.toSpliced(at, 1))
    return true
  }

  snapshot(): SmsCodesSnapshot {
    return { live: [...this.#live], lastSentMs: [...this.#lastSentMs], drawn: this.#drawn }
  }

  /** The count of draws never goes back, so no code comes twice. */
  restore(kept: unknown): void {
    const { live, lastSentMs, drawn } = kept as SmsCodesSnapshot
    for (const [key, codes] of live) this.#live.set(key, codes)
    for (const [key, atMs] of lastSentMs) this.#lastSentMs.set(key, atMs)
    this.#drawn = Math.max(this.#drawn, drawn)
  }

  /** Forgets what was sent; the count of draws goes on, so no code comes twice. */
  reset(): void {
    this.#live.clear()
    this.#lastSentMs.clear()
  }

  #living(key: SmsCodeKey, nowMs: number): LiveCode[] {
    return (this.#live.get(key) ?? []).filter(one => nowMs < one.expiresAtMs)
  }

  #touch(key: SmsCodeKey): void {
    this.#live.delete(key)
    this.#lastSentMs.delete(key)
    for (const oldest of this.#live.keys()) {
      if (this.#live.size < MOST_KEYS) break
      this.#live.delete(oldest)
      this.#lastSentMs.delete(oldest)
    }
  }
}
