import type { OpaqueWords } from '../identity/opaque-words.ts'
import type { Memory } from '../memory.ts'

interface Verification {
  authenticationId: string
  clientIndex: number
  code: string
  expiresAtMs: number
  attemptsLeft: number
  state: 'open' | 'used' | 'replaced' | 'failed'
}

export type Validation = 'ok' | 'unknown' | 'invalid' | 'expired' | 'failed'

/** What an operator chose. */
export interface PasswordRules {
  digits: number
  lifeMs: number
  attempts: number
}

/** By the answers to `otp`. */
export const PASSWORD_RULES: Readonly<Record<string, PasswordRules>> = {
  '6-digits-5-minutes-3-attempts': { digits: 6, lifeMs: 5 * 60_000, attempts: 3 },
  '4-digits-10-minutes-5-attempts': { digits: 4, lifeMs: 10 * 60_000, attempts: 5 },
}

const CODES_AT_MOST = 10
const WINDOW_MS = 10 * 60_000
const KEPT = 50_000

interface PasswordsSnapshot {
  verifications: Verification[]
  /** The latest of each client and number, by authenticationId. */
  latest: [string, string][]
  sentAtMs: [string, number[]][]
  serial: number
}

/** Codes sent by text. Life, attempts and the cap per number are assumed: the specification leaves all three to the operator. */
export class OneTimePasswords implements Memory {
  readonly #words: OpaqueWords
  readonly #nowMs: () => number
  readonly #verifications = new Map<string, Verification>()
  /** By client and number. */
  readonly #latest = new Map<string, Verification>()
  readonly #sentAtMs = new Map<string, number[]>()
  #serial = 0

  constructor(words: OpaqueWords, nowMs: () => number) {
    this.#words = words
    this.#nowMs = nowMs
  }

  /** A new code for a number, which ends the one before; undefined when the number had too many. */
  send(clientIndex: number, phoneNumber: string, rules: PasswordRules): { authenticationId: string; code: string } | undefined {
    const nowMs = this.#nowMs()
    const recent = (this.#sentAtMs.get(phoneNumber) ?? []).filter(atMs => nowMs - atMs < WINDOW_MS)
    if (recent.length >= CODES_AT_MOST) return undefined
    this.#sentAtMs.set(phoneNumber, [...recent, nowMs])
    const owner = `${clientIndex}/${phoneNumber}`
    const before = this.#latest.get(owner)
    if (before?.state === 'open') before.state = 'replaced'
    const serial = this.#serial++
    const authenticationId = uuidOf(this.#words.hex(32, 'otp', serial))
    const code = String(this.#words.number(10 ** rules.digits, 'otp-code', serial)).padStart(rules.digits, '0')
    const verification: Verification = {
      authenticationId,
      clientIndex,
      code,
      expiresAtMs: nowMs + rules.lifeMs,
      attemptsLeft: rules.attempts,
      state: 'open',
    }
    this.#verifications.set(authenticationId, verification)
    this.#latest.set(owner, verification)
    this.#forget()
    return { authenticationId, code }
  }

  validate(clientIndex: number, authenticationId: string, code: string): Validation {
    const found = this.#verifications.get(authenticationId)
    if (found === undefined || found.clientIndex !== clientIndex) return 'unknown'
    if (found.state === 'failed') return 'failed'
    if (found.state !== 'open' || this.#nowMs() >= found.expiresAtMs) return 'expired'
    if (found.code === code) {
      found.state = 'used'
      return 'ok'
    }
    found.attemptsLeft--
    if (found.attemptsLeft > 0) return 'invalid'
    found.state = 'failed'
    return 'failed'
  }

  snapshot(): PasswordsSnapshot {
    return {
      verifications: [...this.#verifications.values()],
      latest: [...this.#latest].map(([owner, { authenticationId }]) => [owner, authenticationId]),
      sentAtMs: [...this.#sentAtMs],
      serial: this.#serial,
    }
  }

  restore(kept: unknown): void {
    const { verifications, latest, sentAtMs, serial } = kept as PasswordsSnapshot
    for (const one of verifications) this.#verifications.set(one.authenticationId, one)
    for (const [owner, id] of latest) {
      const found = this.#verifications.get(id)
      if (found !== undefined) this.#latest.set(owner, found)
    }
    for (const [number, times] of sentAtMs) this.#sentAtMs.set(number, times)
    this.#serial = Math.max(this.#serial, serial)
  }

  reset(): void {
    this.#verifications.clear()
    this.#latest.clear()
    this.#sentAtMs.clear()
  }

  #forget(): void {
    for (const map of [this.#verifications, this.#latest, this.#sentAtMs]) {
      if (map.size <= KEPT) continue
      const [oldest] = map.keys()
      if (oldest !== undefined) map.delete(oldest)
    }
  }
}

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}
