import type { CarrierId } from './carriers.ts'
import type { BackgroundFacts, RaceMethod } from './figures.ts'
import type { HandsetSim, IssuedToken, JournalRow, LifeEventKind, MockBehaviour, RebindNotice } from './journal.ts'
import type { ProviderId } from './providers.ts'
import type { Rng } from './rng.ts'
import type {
  CredentialInput,
  NonceInput,
  OneTapInput,
  OperationId,
  OperationInputs,
  Reading,
  TargetTraits,
  ThirdPartyId,
} from './target.ts'
import type { TokenPurpose } from './token.ts'

/** A request sent and the reply got. `id` refers to the transcript kept by the lab. */
export interface Exchange {
  id: number
  op: OperationId
  status: number
  reading: Reading
  durationMs: number
}

/** A phone with a SIM card: what the honest user, or the attacker with an own phone, holds. */
export interface Handset {
  readonly sim: HandsetSim
  /** Asks the carrier for a token, as its SDK would after the user agreed. */
  authorize(wish?: TokenWish): Promise<IssuedToken>
}

/** A token other than the usual one: of the target's app, for login, of this moment. */
export interface TokenWish {
  /** `foreign`: an app of somebody else, genuine at the same carrier. */
  app?: 'target' | 'foreign'
  purpose?: TokenPurpose
  /** Issued so long ago, milliseconds. */
  ageMs?: number
}

/** A request as it is about to be sent; attacks change what no honest client would. */
export interface CraftedRequest {
  method: string
  /** Path and query below the target's base URL. */
  path: string
  headers: Readonly<Record<string, string>>
  body: string | undefined
  /** Address to connect from, one that `Lab.elsewhere` gave; the lab's own when left out. */
  from?: string
}

export type Tamper = (request: CraftedRequest) => CraftedRequest

/** What an identity provider gave an app for one of its users. Providers give a token or a code. */
export interface ProviderCredential {
  accessToken?: string
  code?: string
  openId: string
  unionId?: string
}

/** A message the mock SMS gateway took. */
export interface SmsMessage {
  seq: number
  atMs: number
  to: string
  template: string
  params: Readonly<Record<string, string>>
}

/** Somewhere only a target that can be told where to go would call. */
export interface Bait {
  /** Base URL without trailing slash. */
  readonly url: string
  /** Requests so far, `METHOD path`. */
  calls(): readonly string[]
}

/** What a possession probe found: a string in the reply that works as a credential. */
export interface Possession {
  credential: string
  account: string
}

export interface RaceResult {
  exchanges: Exchange[]
  /** Milliseconds between the first and the last release of final bytes, measured. */
  spreadMs: number
  method: RaceMethod
  /** Share (0-1) of the requests that had left before the first answer came back: those that did not cannot have raced it. */
  overlap: number
}

/** A connection of the attack's own to the target. */
export interface RawConnection {
  /** The honest request as it would go over the wire; nothing of it has been sent. */
  readonly request: { line: string; headers: Readonly<Record<string, string>>; body: string }
  /** Hands text on. False when the other side took none within `withinMs` (default 1,000) or the connection is over. */
  write(text: string, withinMs?: number): Promise<boolean>
  /** What the target has said so far. */
  said(): string
  /** When the target ended the connection, milliseconds after it stood; undefined while it is open. */
  endedAfterMs(): number | undefined
  /** Ends the connection and books what was said as an exchange. */
  finish(): Exchange
}

/** How long races go on. */
export interface RaceLimits {
  /** Clean rounds to run at most. */
  raceRounds: number
  raceWidth: number
  /** Rounds end before `raceRounds` once a hit is known to be rarer than this per round, at 95 % (0-1). */
  raceBelow?: number
}

/** What an attack may touch. Each attack gets its own: own numbers, own random stream, own transcript. */
export interface Lab {
  readonly rng: Rng
  /** Does the target have this operation? */
  has(op: OperationId): boolean
  /** A fresh subscriber nobody used before. Carriers rotate by the lab's seed unless one is named. */
  handset(carrier?: CarrierId): Promise<Handset>

  /** Sends any operation, as it is or tampered with. */
  send<Op extends OperationId>(op: Op, input: OperationInputs[Op], tamper?: Tamper): Promise<Exchange>
  /** Fetches a nonce honestly; undefined when the target has no nonce operation. Throws when the target refuses. */
  nonce(input?: NonceInput): Promise<string | undefined>
  oneTap(input: OneTapInput): Promise<Exchange>
  /** The whole honest login with a fresh nonce and token; returns the exchange. */
  login(handset: Handset): Promise<Exchange>
  me(input: CredentialInput): Promise<Exchange>
  logout(input: CredentialInput): Promise<Exchange>
  /** Delivers a notice to the target as the carrier would. */
  rebind(notice: RebindNotice): Promise<Exchange>

  /** Tries every string in the exchange's reply that could be a credential on `me`. */
  possess(exchange: Exchange): Promise<Possession | undefined>
  /** Releases all requests together, the last byte of each held back until all others stand. */
  race<Op extends OperationId>(op: Op, inputs: readonly OperationInputs[Op][], tamper?: Tamper): Promise<RaceResult>
  /** Public keys that the target publishes (`traits.publicKeysPath`), as JWKs. */
  publicKeys(): Promise<Readonly<Record<string, unknown>>[]>
  /** Opens a connection for one request that the attack then sends as it likes: in part, slowly, or far too long. */
  dial<Op extends OperationId>(op: Op, input: OperationInputs[Op]): Promise<RawConnection>
  /** Text of the reply, body and headers, for an eye that looks for what must not be there. Empty when no reply came. */
  textOf(exchange: Exchange): string

  /** Journal rows of calls that carried one of these tokens, after waiting for stragglers. Throws when the journal forgot rows. */
  carrierCalls(tokens: readonly string[]): Promise<JournalRow[]>
  /** The mock moves the number; returns the notice and, when reissued or ported or replaced, the phone that now holds it. */
  life(kind: LifeEventKind, handset: Handset, toCarrier?: CarrierId): Promise<{ notice: RebindNotice; handset: Handset }>
  /** Changes how the mock carriers behave until the attack ends; `undefined` sets back what was. For attacks that run alone. */
  carriersBehave(change: Partial<MockBehaviour> | undefined): Promise<void>
  /** Messages to this number since the attack began, oldest first. Ends the attack as not-applicable when no SMS gateway is up. */
  messages(number: string): Promise<SmsMessage[]>
  /** Identity providers that are up. */
  readonly identityProviders: readonly ThirdPartyId[]
  /** Has an identity provider give the app what it would give it for its user number `user`. */
  providerCredential(provider: ThirdPartyId, user: number, app?: 'target' | 'foreign'): Promise<ProviderCredential>
  /** An address nobody else sends from, for a `Tamper`. Undefined where there is but one: targets beyond loopback. */
  elsewhere(): Promise<string | undefined>
  /** Opens a listener on loopback that answers `body` to everybody; closed with the lab. */
  bait(body?: string): Promise<Bait>
  /** What the target wrote since the attack began; undefined unless the harness started it. Other attacks' lines are among them. */
  targetLog(): readonly string[] | undefined
  /** Waits until `check` returns true or `withinMs` is over; returns whether it did. */
  eventually(check: () => Promise<boolean>, withinMs: number): Promise<boolean>
  /** Milliseconds since the lab was opened, on a clock that never jumps. */
  elapsedMs(): number
  readonly limits: RaceLimits & { revocationWithinMs: number }
  readonly traits: TargetTraits
  /** Honest load beside this attack; absent when the run has none. It runs when the attack begins. */
  readonly background?: {
    readonly facts: BackgroundFacts
    pause(): Promise<void>
    resume(): Promise<void>
  }
  /** Lets the target's nonce store be slow or out of reach; absent when the harness does not stand before it. Set back with the attack. */
  readonly nonceStore?: (state: 'up' | 'down' | { delayMs: number }) => Promise<void>
  /** CPU time the target's process has used so far, milliseconds; undefined unless the harness started it and the system tells. */
  targetCpuMs(): number | undefined
  /** Key that session tokens are signed with, where whoever runs the target lent it (`target.vars.jwtSecret`). */
  readonly jwtSecret: string | undefined
  /** The mocks that run. */
  readonly providers: readonly ProviderId[]
}
