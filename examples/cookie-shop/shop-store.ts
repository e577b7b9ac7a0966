import { randomBytes } from 'node:crypto'
import type { Operator } from './environment.ts'
import { ExpiringMap } from './expiring-map.ts'

export const CHALLENGE_LIFETIME_MS = 120_000
export const SESSION_LIFETIME_MS = 86_400_000
/** Longer than any carrier keeps a token alive (30 minutes). */
const SPENT_MARK_LIFETIME_MS = 3_600_000
const NOTICE_MEMORY_MS = 7 * 86_400_000

export interface Account {
  uid: string
  nick: string
}

/** A number opens an account as long as the binding lives. Sessions point at the binding they came from and die with it. */
export interface Binding {
  account: Account
  phone: string
  operator: Operator
  boundAtMs: number
  alive: boolean
}

/** Everything the shop remembers, in memory. No method awaits: each check and its effect are one step. */
export class ShopStore {
  readonly #challenges = new ExpiringMap<true>(CHALLENGE_LIFETIME_MS)
  readonly #spentCodes = new ExpiringMap<true>(SPENT_MARK_LIFETIME_MS)
  readonly #sessions = new ExpiringMap<Binding>(SESSION_LIFETIME_MS)
  readonly #seenNotices = new ExpiringMap<true>(NOTICE_MEMORY_MS)
  readonly #bindings = new Map<string, Binding>()
  readonly #reissueHeard = new Map<string, number>()
  #moments = 0

  newChallenge(): string {
    const challenge = randomBytes(18).toString('base64url')
    this.#challenges.claim(challenge, true)
    return challenge
  }

  spendChallenge(challenge: string): boolean {
    return this.#challenges.take(challenge) === true
  }

  /** True for the first caller only. */
  spendAccessCode(operator: Operator, accessCode: string): boolean {
    return this.#spentCodes.claim(`${operator} ${accessCode}`, true)
  }

  /** The account behind a number, made on first sight. */
  bindingOf(phone: string, operator: Operator): { binding: Binding; isNew: boolean } {
    const known = this.#bindings.get(phone)
    if (known !== undefined) {
      known.operator = operator
      return { binding: known, isNew: false }
    }
    const uid = `u_${randomBytes(9).toString('base64url')}`
    const account = { uid, nick: `guest-${uid.slice(2, 6)}` }
    const binding: Binding = { account, phone, operator, boundAtMs: Date.now(), alive: true }
    this.#bindings.set(phone, binding)
    return { binding, isNew: true }
  }

  openSession(binding: Binding): string {
    const sid = randomBytes(24).toString('base64url')
    this.#sessions.claim(sid, binding)
    return sid
  }

  session(sid: string): Binding | undefined {
    const binding = this.#sessions.get(sid)
    return binding?.alive === true ? binding : undefined
  }

  closeSession(sid: string): void {
    this.#sessions.take(sid)
  }

  /** False when a notice with this id was taken before. */
  firstSightOfNotice(eventId: string): boolean {
    return this.#seenNotices.claim(eventId, true)
  }

  /**
   * The number belongs to someone else since `atMs`: a binding made before is cut and its sessions die; the account stays. A
   * binding made after is the new owner's and stays, however late the notice comes. Returns whether something was cut.
   */
  reissue(phone: string, atMs: number): boolean {
    this.#reissueHeard.set(phone, this.moment())
    const binding = this.#bindings.get(phone)
    if (binding === undefined || binding.boundAtMs >= atMs) return false
    binding.alive = false
    this.#bindings.delete(phone)
    return true
  }

  /** Counts upward: tells which of two things came first, which a clock of milliseconds cannot. */
  moment(): number {
    return ++this.#moments
  }

  /** A login that asked the carrier before the notice came may hold the former owner's answer. */
  heardReissueSince(phone: string, moment: number): boolean {
    return (this.#reissueHeard.get(phone) ?? 0) > moment
  }

  /** Same person, other SIM card or carrier: only the operator is noted. */
  noteOperator(phone: string, operator: Operator): void {
    const binding = this.#bindings.get(phone)
    if (binding !== undefined) binding.operator = operator
  }
}
