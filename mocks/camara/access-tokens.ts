import type { CarrierId } from '../../src/contract/carriers.ts'
import type { OpaqueWords } from '../identity/opaque-words.ts'
import type { Memory } from '../memory.ts'
import type { ApiScope } from './scopes.ts'

/** The user of a three-legged token, bound to the SIM card that was there when it was made. */
export interface TokenSubject {
  index: number
  generation: number
  /** The operator's network said who it is, or the device's own operator token did; a number typed into a hint is neither. */
  byNetwork: boolean
}

export interface AccessGrant {
  clientIndex: number
  operator: CarrierId | undefined
  scopes: readonly ApiScope[]
  /** Undefined: two-legged, no user. */
  subject: TokenSubject | undefined
  expiresAtMs: number
  /** API calls made with it. */
  calls: number
}

/** 300 s is the most Number Verification's main branch allows. */
export const USER_TOKEN_SECONDS = 300

const KEPT = 100_000

/** Access tokens by their text; opaque, so nobody but the operator can read them. */
export class AccessTokens implements Memory {
  readonly #words: OpaqueWords
  readonly #nowMs: () => number
  readonly #grants = new Map<string, AccessGrant>()
  /** Goes on over a reset: a token of before must never come back. */
  #serial = 0

  constructor(words: OpaqueWords, nowMs: () => number) {
    this.#words = words
    this.#nowMs = nowMs
  }

  /** `clientSeconds`: life of a token that no user stands behind. */
  issue(grant: Omit<AccessGrant, 'expiresAtMs' | 'calls'>, clientSeconds: number): { token: string; expiresInSeconds: number } {
    const expiresInSeconds = grant.subject === undefined ? clientSeconds : USER_TOKEN_SECONDS
    const token = this.#words.word(43, 'access', this.#serial++)
    this.#grants.set(token, { ...grant, expiresAtMs: this.#nowMs() + expiresInSeconds * 1000, calls: 0 })
    if (this.#grants.size > KEPT) {
      const [oldest] = this.#grants.keys()
      if (oldest !== undefined) this.#grants.delete(oldest)
    }
    return { token, expiresInSeconds }
  }

  /** A grant that still holds; whose user lost the SIM card is not known here. */
  find(token: string): AccessGrant | undefined {
    const grant = this.#grants.get(token)
    return grant !== undefined && this.#nowMs() < grant.expiresAtMs ? grant : undefined
  }

  snapshot(): { grants: [string, AccessGrant][]; serial: number } {
    return { grants: [...this.#grants], serial: this.#serial }
  }

  restore(kept: unknown): void {
    const { grants, serial } = kept as { grants: [string, AccessGrant][]; serial: number }
    for (const [token, grant] of grants) this.#grants.set(token, grant)
    this.#serial = Math.max(this.#serial, serial)
  }

  reset(): void {
    this.#grants.clear()
  }
}
