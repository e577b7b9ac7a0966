import type { Figures } from './figures.ts'
import type { JournalRow, MockBehaviour } from './journal.ts'
import type { Json } from './json.ts'
import type { Lab } from './lab.ts'
import type { OperationId } from './target.ts'
import type { Outcome } from './verdict.ts'

export type * from './lab.ts'

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
