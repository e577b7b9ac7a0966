import type { OpaqueWords } from '../identity/opaque-words.ts'

interface Verification {
  clientIndex: number
  code: string
  expiresAtMs: number
  attempts: number
  state: 'open' | 'used' | 'replaced' | 'failed'
}

export type Validation = 'ok' | 'unknown' | 'invalid' | 'expired' | 'failed'

const LIFE_MS = 5 * 60_000
const ATTEMPTS_AT_MOST = 3
const CODES_AT_MOST = 10
const WINDOW_MS = 10 * 60_000
const KEPT = 50_000

/** Codes sent by text. Life, attempts and the cap per number are assumed: the specification leaves all three to the operator. */
export class OneTimePasswords {
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
  send(clientIndex: number, phoneNumber: string): { authenticationId: string; code: string } | undefined {
    const nowMs = this.#nowMs()
    const recent = (this.#sentAtMs.get(phoneNumber) ?? []).filter(atMs => nowMs - atMs < WINDOW_MS)
    if (recent.length >= CODES_AT_MOST) return undefined
    this.#sentAtMs.set(phoneNumber, [...recent, nowMs])
    const owner = `${clientIndex}/${phoneNumber}`
    const before = this.#latest.get(owner)
    if (before?.state === 'open') before.state = 'replaced'
    const serial = this.#serial++
    const authenticationId = uuidOf(this.#words.hex(32, 'otp', serial))
    const code = String(this.#words.number(1_000_000, 'otp-code', serial)).padStart(6, '0')
    const verification: Verification = { clientIndex, code, expiresAtMs: nowMs + LIFE_MS, attempts: 0, state: 'open' }
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
    found.attempts++
    if (found.attempts < ATTEMPTS_AT_MOST) return 'invalid'
    found.state = 'failed'
    return 'failed'
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
