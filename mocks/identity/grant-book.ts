import type { Memory } from '../memory.ts'

/** What a provider remembers of a consent: who, for which app, until when. Times are epoch milliseconds of the token clock. */
export interface Grant {
  user: number
  appIndex: number
  issuedAtMs: number
  expiresAtMs: number
  /** Given at authorisation, to be repeated at the exchange; codes only. */
  redirectUri?: string
  /** Refresh tokens: the access token given with it. */
  accessToken?: string
  /** Codes: exchanged already. Tokens: taken back. */
  spent: boolean
}

export type Found =
  | { kind: 'ok'; grant: Grant }
  | { kind: 'unknown' }
  | { kind: 'expired'; grant: Grant }
  /** A code that was exchanged, or a token that was revoked. */
  | { kind: 'spent'; grant: Grant }

/** Enough for any test; a book that grew with load would be a leak. */
const KEPT = 100_000

/** Codes, access tokens and refresh tokens by their text. The oldest are forgotten first. */
export class GrantBook implements Memory {
  readonly #grants = new Map<string, Grant>()

  enter(text: string, grant: Omit<Grant, 'spent'>): void {
    if (this.#grants.size >= KEPT) {
      const [oldest] = this.#grants.keys()
      if (oldest !== undefined) this.#grants.delete(oldest)
    }
    this.#grants.set(text, { ...grant, spent: false })
  }

  find(text: string, nowMs: number): Found {
    const grant = this.#grants.get(text)
    if (grant === undefined) return { kind: 'unknown' }
    if (grant.spent) return { kind: 'spent', grant }
    return nowMs >= grant.expiresAtMs ? { kind: 'expired', grant } : { kind: 'ok', grant }
  }

  snapshot(): [string, Grant][] {
    return [...this.#grants]
  }

  restore(kept: unknown): void {
    for (const [text, grant] of kept as [string, Grant][]) this.#grants.set(text, grant)
  }

  reset(): void {
    this.#grants.clear()
  }
}
