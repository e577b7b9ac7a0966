import type { CarrierId } from '../src/contract/carriers.ts'
import type { MockBehaviour } from '../src/contract/journal.ts'
import { SUBSCRIBER_LIMIT, subscriberAt } from '../src/contract/people.ts'
import { HANDSET_TOKEN_BASE, mintAuthCode, mintToken, type TokenClaims, type TokenPurpose } from '../src/contract/token.ts'
import type { NumberLives } from './life.ts'
import { SpentMarks } from './spent-marks.ts'
import { tokenLifetimeMs } from './token-lifetimes.ts'
import { ruleFor } from './token-rules.ts'
import { UNUSED_LIMIT, UnusedTokens, type UnusedTokensSnapshot } from './unused-tokens.ts'

export interface IssueRequest {
  subscriberIndex: number
  appIndex: number
  purpose: TokenPurpose
  /** Aggregator the token is for; absent = the serving carrier itself. */
  provider?: TokenClaims['provider']
  nowMs: number
}

export type Issue =
  | { kind: 'issued'; carrier: CarrierId; tokenIndex: number; token: string; authCode: string | undefined; expiresInMs: number }
  | { kind: 'too-many-unused' }

export interface RedeemRequest {
  appIndex: number
  purpose: TokenPurpose
  nowMs: number
}

/** What the carrier's books say about a token. Each dialect turns it into its own result code. */
export type Redemption =
  | { kind: 'ok'; msisdn: string; claims: TokenClaims }
  /** Not minted here, never issued, issued before a reset, or of a SIM card that does not exist. */
  | { kind: 'unknown' }
  | { kind: 'expired' }
  | { kind: 'used' }
  | { kind: 'wrong-app' }
  | { kind: 'wrong-purpose' }
  /** The number was reissued after this token was taken. */
  | { kind: 'former-holder' }
  /** The number left for another carrier, which alone redeems now. */
  | { kind: 'ported-away' }

export interface TellerOptions {
  seed: number
  lives: NumberLives
  /** Read at each redemption, so the control plane can change it live. */
  behaviour: { readonly current: Pick<MockBehaviour, 'singleUse' | 'lifetimes' | 'reuse'> }
}

/** The books as plain data. */
export interface TellerSnapshot {
  spent: Record<string, string>
  handset: UnusedTokensSnapshot
  nextHandsetToken: number
  firstHandsetToken: number
}

/**
 * The providers' books: issues handset tokens, redeems all tokens. A state machine without clock, chance or input and output.
 * Load tokens are checked by arithmetic alone (readToken) and leave one bit behind; only handset tokens are followed one by one.
 */
export class Teller {
  readonly #options: TellerOptions
  #spent = new SpentMarks()
  #handset = new UnusedTokens()
  #nextHandsetToken = HANDSET_TOKEN_BASE
  /** Handset tokens below this were issued before the last reset. */
  #firstHandsetToken = HANDSET_TOKEN_BASE
  /** Handset tokens issued between the last snapshot restored and its restoring: they never were. */
  #voidFrom = HANDSET_TOKEN_BASE
  #voidBelow = HANDSET_TOKEN_BASE

  constructor(options: TellerOptions) {
    this.#options = options
  }

  /** Issues a token on the number's living SIM card, at the carrier that serves it now. */
  issue(request: IssueRequest): Issue {
    const { seed, lives, behaviour } = this.#options
    const { subscriberIndex, appIndex, purpose, provider, nowMs } = request
    if (this.#handset.unused(subscriberIndex, nowMs) >= UNUSED_LIMIT) return { kind: 'too-many-unused' }
    const { carrier, generation } = lives.tenure(subscriberIndex)
    const tokenIndex = this.#nextHandsetToken++
    const issuedAtMs = Math.floor(nowMs / 100) * 100 // tokens keep tenths of a second
    const issuer = provider === undefined ? { carrier } : { carrier, provider }
    const expiresInMs = tokenLifetimeMs(behaviour.current.lifetimes, { ...issuer, purpose })
    this.#handset.add(tokenIndex, subscriberIndex, issuedAtMs, expiresInMs)
    const token = mintToken(seed, { ...issuer, tokenIndex, subscriberIndex, generation, appIndex, purpose, issuedAtMs })
    const authCode = carrier === 'china-telecom' ? mintAuthCode(seed, tokenIndex) : undefined
    return { kind: 'issued', carrier, tokenIndex, token, authCode, expiresInMs }
  }

  /**
   * Redeems a token read with readToken; `claims` undefined means it could not be read. A refusal changes nothing: only a token
   * whose number is given out is spent.
   */
  redeem(claims: TokenClaims | undefined, request: RedeemRequest): Redemption {
    if (claims === undefined || !this.#wasIssued(claims)) return { kind: 'unknown' }
    if (claims.appIndex !== request.appIndex) return { kind: 'wrong-app' }
    if (claims.purpose !== request.purpose) return { kind: 'wrong-purpose' }
    const { lives, behaviour } = this.#options
    const tenure = lives.tenure(claims.subscriberIndex)
    if (claims.generation > tenure.generation) return { kind: 'unknown' }
    if (claims.generation < tenure.heldSince) return { kind: 'former-holder' }
    if (claims.carrier !== tenure.carrier) return { kind: tenure.generation === 0 ? 'unknown' : 'ported-away' }
    if (request.nowMs - claims.issuedAtMs >= tokenLifetimeMs(behaviour.current.lifetimes, claims)) return { kind: 'expired' }
    const first = this.#spent.add(claims.tokenIndex)
    if (first && claims.tokenIndex >= HANDSET_TOKEN_BASE) this.#handset.redeem(claims.tokenIndex, request.nowMs)
    if (!first) {
      const { singleUse } = ruleFor(behaviour.current.reuse, claims) ?? behaviour.current
      if (singleUse === 'strict') return { kind: 'used' }
    }
    return { kind: 'ok', msisdn: subscriberAt(this.#options.seed, claims.subscriberIndex).msisdn, claims }
  }

  /** Books of the handset tokens since the last reset; issued = redeemed + expired + live. */
  handsetBooks(nowMs: number): { issued: number; redeemed: number; expired: number; live: number } {
    const live = this.#handset.live(nowMs)
    const { issued, redeemed, expired } = this.#handset
    return { issued, redeemed, expired, live }
  }

  /** Pages of spent marks in memory, 4 KiB each. */
  get pageCount(): number {
    return this.#spent.pageCount
  }

  snapshot(): TellerSnapshot {
    return {
      spent: this.#spent.snapshot(),
      handset: this.#handset.snapshot(),
      nextHandsetToken: this.#nextHandsetToken,
      firstHandsetToken: this.#firstHandsetToken,
    }
  }

  /** Takes the books back to a snapshot. Handset tokens issued since become unknown, and their indices are not used again. */
  restore(snapshot: TellerSnapshot): void {
    this.#spent = SpentMarks.restored(snapshot.spent)
    this.#handset = UnusedTokens.restored(snapshot.handset)
    this.#firstHandsetToken = snapshot.firstHandsetToken
    this.#voidFrom = snapshot.nextHandsetToken
    this.#nextHandsetToken = Math.max(this.#nextHandsetToken, snapshot.nextHandsetToken)
    this.#voidBelow = this.#nextHandsetToken
  }

  /** Forgets what was spent. Handset tokens issued so far become unknown; their indices are not used again. */
  reset(): void {
    this.#spent = new SpentMarks()
    this.#handset = new UnusedTokens()
    this.#firstHandsetToken = this.#nextHandsetToken
  }

  #wasIssued(claims: TokenClaims): boolean {
    if (claims.subscriberIndex >= SUBSCRIBER_LIMIT) return false
    if (claims.tokenIndex < HANDSET_TOKEN_BASE) return true
    if (claims.tokenIndex >= this.#voidFrom && claims.tokenIndex < this.#voidBelow) return false
    return claims.tokenIndex >= this.#firstHandsetToken && claims.tokenIndex < this.#nextHandsetToken
  }
}
