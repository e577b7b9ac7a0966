import { generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { ProviderApp } from '../dialect.ts'
import type { Memory } from '../memory.ts'
import { isSignedBy, type ReadJwt, readJwt } from './jwt.ts'

/** An API consumer. It proves itself with its private key and nothing else (security profile: `private_key_jwt` only). */
export interface CamaraClient extends ProviderApp {
  publicKey: KeyObject
  privateKey: KeyObject
}

export async function newClient(appId: string, appIndex: number): Promise<CamaraClient> {
  return { appId, appIndex, ...(await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })) }
}

/** Longest life of an assertion, and the furthest its end may lie ahead (security profile). */
const LONGEST_LIFE_SECONDS = 300
const REMEMBERED = 50_000

export type Assertion = { kind: 'ok'; client: CamaraClient; jwt: ReadJwt } | { kind: 'refused'; why: string }

/** Checks signed assertions of clients, each good for once. */
export class AssertionDesk implements Memory {
  readonly #clients: readonly CamaraClient[]
  readonly #wallMs: () => number
  readonly #seen = new Set<string>()

  constructor(clients: readonly CamaraClient[], wallMs: () => number) {
    this.#clients = clients
    this.#wallMs = wallMs
  }

  /** `audiences`: what `aud` may name. An assertion that passes is spent. */
  take(token: string, audiences: readonly string[]): Assertion {
    const jwt = readJwt(token)
    if (jwt === undefined) return refused('no JWT')
    const { iss, jti } = jwt.claims
    const client = this.#clients.find(one => one.appId === iss)
    if (client === undefined) return refused('iss is no client')
    if (!isSignedBy(token, client.publicKey)) return refused('signature')
    const wrong = this.#wrongTimes(jwt) ?? wrongAudience(jwt, audiences)
    if (wrong !== undefined) return refused(wrong)
    if (typeof jti !== 'string' || jti === '') return refused('jti missing')
    const once = `${client.appId}/${jti}`
    if (this.#seen.has(once)) return refused('jti seen before')
    this.#remember(once)
    return { kind: 'ok', client, jwt }
  }

  /** Whether a client signed this, for the journal; spends nothing. */
  signatureOf(token: string): 'ok' | 'bad' | 'absent' {
    if (token === '') return 'absent'
    const client = this.#clients.find(one => one.appId === readJwt(token)?.claims.iss)
    return client !== undefined && isSignedBy(token, client.publicKey) ? 'ok' : 'bad'
  }

  snapshot(): string[] {
    return [...this.#seen]
  }

  restore(kept: unknown): void {
    for (const once of kept as string[]) this.#seen.add(once)
  }

  reset(): void {
    this.#seen.clear()
  }

  #wrongTimes({ claims: { exp, iat } }: ReadJwt): string | undefined {
    const now = this.#wallMs() / 1000
    if (typeof exp !== 'number' || typeof iat !== 'number') return 'exp or iat missing'
    if (exp <= now) return 'expired'
    if (exp > now + LONGEST_LIFE_SECONDS) return 'exp too far ahead'
    if (iat > now + 1) return 'iat in the future' // a second for clocks that round up
    return exp - iat > LONGEST_LIFE_SECONDS ? 'lives too long' : undefined
  }

  #remember(once: string): void {
    this.#seen.add(once)
    if (this.#seen.size <= REMEMBERED) return
    const [oldest] = this.#seen
    if (oldest !== undefined) this.#seen.delete(oldest)
  }
}

function wrongAudience({ claims: { aud } }: ReadJwt, audiences: readonly string[]): string | undefined {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud]
  return named.some(one => typeof one === 'string' && audiences.includes(one)) ? undefined : 'aud is not this server'
}

function refused(why: string): Assertion {
  return { kind: 'refused', why }
}
