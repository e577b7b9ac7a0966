import type { CarrierId } from './carriers.ts'
import type { BackgroundFacts, Figures, RaceMethod } from './figures.ts'
import type { HandsetSim, IssuedToken, JournalRow, LifeEventKind, MockBehaviour, RebindNotice } from './journal.ts'
import type { Json } from './json.ts'
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
import type { Outcome } from './verdict.ts'

/** Also the folders of `attacks/`. Reports show them in this order. */
export const ATTACK_FAMILIES = [
  'forged-token',
  'replay',
  'number-reuse',
  'substitution',
  'carrier-failure',
  'availability',
  'account-takeover',
  'leaks',
  'session',
  'injection',
  'rate-limit',
] as const
export type AttackFamily = (typeof ATTACK_FAMILIES)[number]

/** Worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

export interface AttackMeta {
  /** Equal to the file name. */
  id: string
  family: AttackFamily
  title: string
  /** A sentence or two: what the enemy does and what it would prove. */
  about: string
  severity: Severity
  cwe: readonly number[]
  /** OWASP ASVS 5.0.0 requirement numbers. */
  asvs: readonly string[]
  /** OWASP API Security Top 10 2023. */
  api2023: readonly string[]
  /** What the attacker owns. */
  has: string
  /** Operations without which the attack is not-applicable. */
  needs: readonly OperationId[]
  /** Flaws of the reference backend that must turn this attack red, as `control=flaw`; feeds the proof matrix. */
  notices: readonly string[]
  /** Flaws that may turn it red as well, because they remove a control it also rests on. */
  mayNotice?: readonly string[]
  /** Mock behaviour this attack needs beside the attack step's own (for instance a lenient carrier). Makes it run alone. */
  behaviour?: Partial<Pick<MockBehaviour, 'singleUse'>>
  /**
   * True when it must not run beside others: it changes the mocks for all, needs the machine to itself (races), or would be
   * disturbed by their requests.
   */
  alone?: boolean
}

/** Whether the attack must have target and mocks to itself. */
export function runsAlone({ alone, behaviour }: AttackMeta): boolean {
  return alone === true || behaviour !== undefined
}

/**
 * An attack observes and judges apart: `observe` touches the world through the lab and returns plain JSON, `judge` is pure and
 * can run again years later on the saved observation.
 */
export interface Attack<Observation extends Json = Json> {
  meta: AttackMeta
  /** Honest case run before and after; default `honestLogin`. Returns undefined when it held, else what did not. */
  control?(lab: Lab): Promise<string | undefined>
  observe(lab: Lab): Promise<Observation | NotApplicable>
  judge(observation: Observation): Judgement
}

/** Returned by `observe` when the target gives nothing to attack (for instance no JWT). */
export interface NotApplicable {
  readonly notApplicable: string
}

export function defineAttack<Observation extends Json>(attack: Attack<Observation>): Attack<Observation> {
  return attack
}

/** What kind of thing was got, so that a crash never counts as a catch. */
export const PROOF_KINDS = [
  'credential',
  'carrier-call',
  'second-session',
  'account-exposed',
  'session-alive',
  'lock-out',
  'server-error',
  /** A value that should have stayed secret, seen where it must not be. */
  'disclosure',
  /** A request that the target sent where the attacker told it to. */
  'outside-call',
  /** Something that happened although the target had said that it would not. */
  'side-effect',
] as const
export type ProofKind = (typeof PROOF_KINDS)[number]

export interface Judgement {
  outcome: Extract<Outcome, 'pass' | 'fail' | 'inconclusive'>
  /** One sentence that stands alone: what was tried and what came of it. */
  claim: string
  /** Needed for `fail`. */
  proof?: { kind: ProofKind; text: string; exchanges: readonly number[]; journal: readonly number[] }
  expected?: string
  observed?: string
  /** Measured beside the verdict. */
  figures?: Figures
}

/** A request sent and the reply got. `id` refers to the transcript kept by the lab. */
export interface Exchange {
  id: number
  op: OperationId
  status: number
  reading: Reading
  durationMs: number
}

/** Full text of an exchange, kept beside the observation; redacted by the ledger before it is written. */
export interface TranscriptEntry {
  id: number
  op: OperationId
  /** Milliseconds since the attack began. */
  atMs: number
  request: { method: string; url: string; headers: Record<string, string>; body: string | null }
  response: { status: number; headers: Record<string, string>; body: string; truncated: boolean } | null
  /** Why there is no response. */
  error?: string
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

/** What one attack left behind; the ledger's record. */
export interface AttackEvidence {
  attackId: string
  control: { before: string | null; after: string | null }
  /** `error`: the harness itself failed; `not-applicable`: the target gives nothing to attack. */
  status: 'observed' | 'not-applicable' | 'error'
  reason?: string
  observation: Json
  transcript: TranscriptEntry[]
  journal: JournalRow[]
  durationMs: number
  requests: number
}
