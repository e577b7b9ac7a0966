import type { CarrierId } from '../../src/contract/carriers.ts'
import type { OpaqueWords } from '../identity/opaque-words.ts'
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

/** 300 s is the most Number Verification's main branch allows; two-legged tokens live longer, as no user stands behind them. */
export const USER_TOKEN_SECONDS = 300
export const CLIENT_TOKEN_SECONDS = 3600

const KEPT = 100_000

/** Access tokens by their text; opaque, so nobody but the operator can read them. */
export class AccessTokens {
  readonly #words: OpaqueWords
  readonly #nowMs: () => number
  readonly #grants = new Map<string, AccessGrant>()
  /** Goes on over a reset: a token of before must never come back. */
  #serial = 0

  constructor(words: OpaqueWords, nowMs: () => number) {
    this.#words = words
    this.#nowMs = nowMs
  }

  issue(grant: Omit<AccessGrant, 'expiresAtMs' | 'calls'>): { token: string; expiresInSeconds: number } {
    const expiresInSeconds = grant.subject === undefined ? CLIENT_TOKEN_SECONDS : USER_TOKEN_SECONDS
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

  reset(): void {
    this.#grants.clear()
  }
}
