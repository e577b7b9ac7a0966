import type { Memory } from '../memory.ts'
import { type Found, type Grant, GrantBook } from './grant-book.ts'
import { OpaqueWords } from './opaque-words.ts'

/** How one provider spells what it gives out, and how long that lives. */
export interface IdentityStyle {
  /** The person's id as this app sees it. */
  openId(words: OpaqueWords, user: number, appIndex: number): string
  /** The person's id over all apps of one developer; absent where the provider has none. */
  unionId?(words: OpaqueWords, user: number): string
  accessToken(words: OpaqueWords, serial: number): string
  code(words: OpaqueWords, serial: number): string
  accessLifeMs: number
  /** Asked at each consent, because sources rarely say and it can be switched. */
  codeLifeMs(): number
  refreshLifeMs?: number
  /** A refresh while the access token lives prolongs that very token instead of giving another. */
  refreshProlongs?: boolean
}

/** What a person's phone has in hand after logging in at a provider: for tests, who are spared its pages. */
export interface Credential {
  accessToken: string
  code: string
  openId: string
  unionId?: string
}

/** What an exchange of a code gives. */
export interface Issued {
  accessToken: string
  refreshToken: string
  grant: Grant
}

interface DeskSnapshot {
  codes: [string, Grant][]
  access: [string, Grant][]
  refresh: [string, Grant][]
  serial: number
}

export interface DeskPorts {
  provider: string
  seed: number
  nowMs(): number
}

/**
 * A provider's accounts and consents. People are numbers: anybody from 0 to 2^31 exists. Single use of codes is always strict:
 * what a lenient carrier does with tokens says nothing about identity providers.
 */
export class IdentityDesk implements Memory {
  readonly #ports: DeskPorts
  readonly #style: IdentityStyle
  readonly #words: OpaqueWords
  readonly #codes = new GrantBook()
  readonly #access = new GrantBook()
  readonly #refresh = new GrantBook()
  /** Goes on over a reset, so that what was given out before never means anything again. */
  #serial = 0

  constructor(ports: DeskPorts, style: IdentityStyle) {
    this.#ports = ports
    this.#style = style
    this.#words = new OpaqueWords(ports.seed, ports.provider)
  }

  openId({ user, appIndex }: { user: number; appIndex: number }): string {
    return this.#style.openId(this.#words, user, appIndex)
  }

  unionId(user: number): string | undefined {
    return this.#style.unionId?.(this.#words, user)
  }

  /** A token and a code, independent of each other. */
  credential(user: number, appIndex: number): Credential {
    const unionId = this.unionId(user)
    return {
      accessToken: this.#issue(user, appIndex).accessToken,
      code: this.authorize(user, appIndex),
      openId: this.openId({ user, appIndex }),
      ...(unionId === undefined ? {} : { unionId }),
    }
  }

  /** The person agreed: a code for the app. */
  authorize(user: number, appIndex: number, redirectUri?: string): string {
    const code = this.#style.code(this.#words, this.#serial++)
    const dates = this.#dates(this.#style.codeLifeMs())
    this.#codes.enter(code, { user, appIndex, ...dates, ...(redirectUri === undefined ? {} : { redirectUri }) })
    return code
  }

  code(text: string): Found {
    return this.#codes.find(text, this.#ports.nowMs())
  }

  /** Spends a code that `code()` found to be ok. */
  exchange(grant: Grant): Issued {
    grant.spent = true
    return this.#issue(grant.user, grant.appIndex)
  }

  access(token: string): Found {
    return this.#access.find(token, this.#ports.nowMs())
  }

  refresh(token: string): Found {
    return this.#refresh.find(token, this.#ports.nowMs())
  }

  /** An access token for a refresh token that `refresh()` found to be ok; the refresh token lives on. */
  renew(grant: Grant): string {
    const before = this.#style.refreshProlongs === true ? this.access(grant.accessToken ?? '') : undefined
    if (before?.kind === 'ok' && grant.accessToken !== undefined) {
      before.grant.expiresAtMs = this.#dates(this.#style.accessLifeMs).expiresAtMs
      return grant.accessToken
    }
    return this.#issue(grant.user, grant.appIndex).accessToken
  }

  /** Takes a token back, as the person does in the provider's settings. False when it is not known. */
  revoke(token: string): boolean {
    const found = this.access(token)
    if (found.kind === 'unknown') return false
    found.grant.spent = true
    return true
  }

  snapshot(): DeskSnapshot {
    const [codes, access, refresh] = [this.#codes.snapshot(), this.#access.snapshot(), this.#refresh.snapshot()]
    return { codes, access, refresh, serial: this.#serial }
  }

  restore(kept: unknown): void {
    const { codes, access, refresh, serial } = kept as DeskSnapshot
    this.#codes.restore(codes)
    this.#access.restore(access)
    this.#refresh.restore(refresh)
    this.#serial = Math.max(this.#serial, serial)
  }

  reset(): void {
    for (const book of [this.#codes, this.#access, this.#refresh]) book.reset()
  }

  #issue(user: number, appIndex: number): Issued {
    const serial = this.#serial++
    const accessToken = this.#style.accessToken(this.#words, serial)
    const grant: Grant = { user, appIndex, ...this.#dates(this.#style.accessLifeMs), spent: false }
    this.#access.enter(accessToken, grant)
    const refreshToken = this.#words.hex(32, 'refresh', serial)
    const { refreshLifeMs } = this.#style
    if (refreshLifeMs !== undefined)
      this.#refresh.enter(refreshToken, { user, appIndex, ...this.#dates(refreshLifeMs), accessToken })
    return { accessToken, refreshToken, grant }
  }

  #dates(lifeMs: number): { issuedAtMs: number; expiresAtMs: number } {
    const issuedAtMs = this.#ports.nowMs()
    return { issuedAtMs, expiresAtMs: issuedAtMs + lifeMs }
  }
}

/** Seconds a grant has left, rounded up: what was just issued has its whole life. */
export function secondsLeft(grant: Grant, nowMs: number): number {
  return Math.ceil((grant.expiresAtMs - nowMs) / 1000)
}
