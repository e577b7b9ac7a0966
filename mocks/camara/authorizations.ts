import type { CarrierId } from '../../src/contract/carriers.ts'
import type { OpaqueWords } from '../identity/opaque-words.ts'
import type { Memory } from '../memory.ts'
import type { TokenSubject } from './access-tokens.ts'
import type { Scopes } from './scopes.ts'

/** What a user was authenticated for, before there is a token. */
export interface Authorization {
  clientIndex: number
  operator: CarrierId | undefined
  scopes: Scopes
  subject: TokenSubject
  createdAtMs: number
  expiresAtMs: number
  spent: boolean
}

export interface CodeAuthorization extends Authorization {
  redirectUri: string
  nonce: string | undefined
  codeChallenge: string | undefined
}

export interface BackchannelAuthorization extends Authorization {
  intervalMs: number
  lastPollMs: number | undefined
}

const OPERATOR_TOKEN_LIFE_MS = 300_000
/** Values of the profile's examples. */
export const BACKCHANNEL_SECONDS = { expiresIn: 120, interval: 2 }
const KEPT = 50_000

type Started = Pick<Authorization, 'clientIndex' | 'operator' | 'scopes' | 'subject'>

/** A device's own token for one app, by TS.43: what an app sends instead of being sent through the mobile network. */
interface OperatorToken {
  clientIndex: number
  index: number
  generation: number
  expiresAtMs: number
}

interface AuthorizationsSnapshot {
  codes: [string, CodeAuthorization][]
  backchannel: [string, BackchannelAuthorization][]
  operatorTokens: [string, OperatorToken][]
  withheld: number[]
  serial: number
}

/** Codes, backchannel requests and operator tokens; each is good for once. Also who withheld consent. */
export class Authorizations implements Memory {
  readonly #words: OpaqueWords
  readonly #nowMs: () => number
  readonly #codes = new Map<string, CodeAuthorization>()
  readonly #backchannel = new Map<string, BackchannelAuthorization>()
  readonly #operatorTokens = new Map<string, OperatorToken>()
  readonly #withheld = new Set<number>()
  #serial = 0

  constructor(words: OpaqueWords, nowMs: () => number) {
    this.#words = words
    this.#nowMs = nowMs
  }

  startCode(started: Started & Pick<CodeAuthorization, 'redirectUri' | 'nonce' | 'codeChallenge'>, lifeMs: number): string {
    const code = this.#words.word(32, 'code', this.#serial++)
    remember(this.#codes, code, { ...started, ...this.#dates(lifeMs), spent: false })
    return code
  }

  code(code: string): CodeAuthorization | undefined {
    return this.#codes.get(code)
  }

  startBackchannel(started: Started): string {
    const id = this.#words.word(36, 'ciba', this.#serial++)
    const { expiresIn, interval } = BACKCHANNEL_SECONDS
    const polling = { intervalMs: interval * 1000, lastPollMs: undefined }
    remember(this.#backchannel, id, { ...started, ...this.#dates(expiresIn * 1000), ...polling, spent: false })
    return id
  }

  backchannel(id: string): BackchannelAuthorization | undefined {
    return this.#backchannel.get(id)
  }

  giveOperatorToken(clientIndex: number, index: number, generation: number): { token: string; expiresInMs: number } {
    const token = this.#words.word(43, 'operatortoken', this.#serial++)
    const expiresAtMs = this.#nowMs() + OPERATOR_TOKEN_LIFE_MS
    remember(this.#operatorTokens, token, { clientIndex, index, generation, expiresAtMs })
    return { token, expiresInMs: OPERATOR_TOKEN_LIFE_MS }
  }

  /** Spends an operator token of this client; undefined when it is not known, too old, or another app's. */
  takeOperatorToken(token: string, clientIndex: number): { index: number; generation: number } | undefined {
    const found = this.#operatorTokens.get(token)
    if (found === undefined || found.clientIndex !== clientIndex || this.#nowMs() >= found.expiresAtMs) return undefined
    this.#operatorTokens.delete(token)
    return found
  }

  setConsent(index: number, granted: boolean): void {
    if (granted) this.#withheld.delete(index)
    else this.#withheld.add(index)
  }

  hasConsent(index: number): boolean {
    return !this.#withheld.has(index)
  }

  snapshot(): AuthorizationsSnapshot {
    return {
      codes: [...this.#codes],
      backchannel: [...this.#backchannel],
      operatorTokens: [...this.#operatorTokens],
      withheld: [...this.#withheld],
      serial: this.#serial,
    }
  }

  restore(kept: unknown): void {
    const { codes, backchannel, operatorTokens, withheld, serial } = kept as AuthorizationsSnapshot
    for (const [code, one] of codes) this.#codes.set(code, one)
    for (const [id, one] of backchannel) this.#backchannel.set(id, one)
    for (const [token, one] of operatorTokens) this.#operatorTokens.set(token, one)
    for (const index of withheld) this.#withheld.add(index)
    this.#serial = Math.max(this.#serial, serial)
  }

  reset(): void {
    for (const map of [this.#codes, this.#backchannel, this.#operatorTokens]) map.clear()
    this.#withheld.clear()
  }

  #dates(lifeMs: number): { createdAtMs: number; expiresAtMs: number } {
    const createdAtMs = this.#nowMs()
    return { createdAtMs, expiresAtMs: createdAtMs + lifeMs }
  }
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value)
  if (map.size <= KEPT) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
