import { randomInt } from 'node:crypto'
import { objectBody, ownField } from '../body-reader.ts'
import type { ProveBinding } from '../controls/bind-proved.ts'
import { CODE_LIFE_MS, type CodeVault } from '../controls/code-vault.ts'
import type { NoteClaim } from '../controls/identifier-verified.ts'
import type { InputBounds } from '../controls/input-bounds.ts'
import type { NonceGate } from '../controls/nonce-burned-first.ts'
import type { ReadNumber } from '../controls/number-canonical.ts'
import type { MaskNumber } from '../controls/number-masked.ts'
import { canonicalEmail, maskEmail } from '../identifier.ts'
import type { Outbox } from '../messages/outbox.ts'
import { malformed, Refusal } from '../refusal.ts'
import {
  type AccountStore,
  type BindOutcome,
  type BindRequest,
  type Identity,
  isLoginType,
  isProviderId,
} from '../stores/accounts.ts'
import { type Limiter, sourceOf } from './limiter.ts'
import type { NumberOwners } from './number-owner.ts'
import type { ReauthFlow } from './reauth.ts'
import type { OpenSession, SessionFlow } from './session.ts'
import { redeemed, type SmsCodeFlow } from './sms-code.ts'
import type { ThirdPartyFlow } from './third-party.ts'
import type { CarrierRequest, TokenExchange } from './token-exchange.ts'

/** An identity as its owner sees it. */
export interface ShownIdentity {
  type: string
  masked: string
  verified: boolean
  lastUsedAtMs: number
}

export type BindReply = { kind: 'bound' } | { kind: 'claimed'; expiresInMs: number }

export interface IdentityFlow {
  list(accountId: string): Promise<readonly ShownIdentity[]>
  /**
   * Binds a phone (by code or carrier token), a third party's or, in two steps, an e-mail identity. A phone or e-mail without
   * proof is noted as claimed; an e-mail is then sent a code.
   */
  bind(session: OpenSession, request: CarrierRequest, ticket: unknown): Promise<BindReply>
  /** The second step for an e-mail. */
  verifyEmail(session: OpenSession, body: unknown, ip: string): Promise<void>
  /** Removes the identities of a type, and the sessions they opened; never the last way in. */
  remove(session: OpenSession, type: unknown, ticket: unknown, ip: string): Promise<void>
}

export interface IdentityParts {
  accounts: AccountStore
  owners: NumberOwners
  sessions: SessionFlow
  reauth: ReauthFlow
  sms: SmsCodeFlow
  thirdParty: ThirdPartyFlow
  exchange: TokenExchange
  gate: NonceGate
  proved: ProveBinding
  noteClaim: NoteClaim
  readNumber: ReadNumber
  mask: MaskNumber
  bounds: InputBounds
  vault: CodeVault
  outbox: Outbox
  limiter: Limiter
  onePerType: boolean
  nowMs: () => number
}

export function identityFlow(parts: IdentityParts): IdentityFlow {
  const { accounts, reauth, sessions } = parts
  return {
    list: async accountId => (await accounts.identities(accountId)).map(row => shown(row, parts.mask)),
    bind: async (session, request, ticket) => {
      const fields = objectBody(request.body)
      const type = ownField(fields, 'type')
      if (!isLoginType(type)) throw malformed('BODY_MALFORMED', 'The field type must name a kind of identity.')
      await reauth.require(session, ticket, {}, request.ip)
      // A claim is a row and an e-mail is somebody's nuisance: neither comes without end.
      await parts.limiter.take('bind-account-hour', session.accountId)
      if (type === 'email') return claimEmail(parts, session, fields, request.ip)
      if (type === 'phone') return bindPhone(parts, session, fields, request)
      const who = await parts.thirdParty.identify(type, fields, request.ip)
      return bound(await accounts.bind({ ...requestFor(parts, session, request.ip), ...who }))
    },
    verifyEmail: async (session, body, ip) => {
      const fields = objectBody(body)
      const identifier = readEmail(parts, fields)
      const code = parts.vault.read(ownField(fields, 'code'))
      const proved = await parts.proved(identifier, async () => {
        await redeemed(parts.limiter, sourceOf(ip), () => parts.vault.redeem(emailSlot(session, identifier), code))
        return identifier
      })
      bound(await accounts.bind({ ...requestFor(parts, session, ip), type: 'email', identifier: proved }))
    },
    remove: async (session, type, ticket, ip) => {
      if (!isLoginType(type)) throw new Refusal(404, 'NOT_FOUND', 'There is nothing here.')
      await reauth.require(session, ticket, {}, ip)
      const rows = await accounts.identities(session.accountId)
      if (!rows.some(row => row.type === type && row.verified)) throw new Refusal(404, 'NOT_FOUND', 'There is nothing here.')
      const removed = await accounts.removeType(session.accountId, type)
      if (removed === undefined) throw new Refusal(409, 'IDENTITY_LAST', 'This is the last way into the account.')
      for (const identityId of removed) await sessions.cutIdentity(identityId)
    },
  }
}

async function bindPhone(
  parts: IdentityParts,
  session: OpenSession,
  fields: Readonly<Record<string, unknown>>,
  request: CarrierRequest,
): Promise<BindReply> {
  const base = requestFor(parts, session, request.ip)
  if (Object.hasOwn(fields, 'token')) {
    const { msisdn } = await parts.exchange(parts.gate, request)
    return bindNumber(parts, base, msisdn)
  }
  const number = parts.readNumber(ownField(fields, 'number'))
  if (number === undefined) throw malformed('BODY_MALFORMED', 'The field number is not a phone number of this country.')
  if (!Object.hasOwn(fields, 'code')) {
    await parts.noteClaim({ ...base, type: 'phone', identifier: number })
    return { kind: 'claimed', expiresInMs: CODE_LIFE_MS }
  }
  return bindNumber(parts, base, await parts.proved(number, () => parts.sms.prove('bind', fields, request.ip)))
}

/** A number that changed hands is parted from its former account first: its new owner has just proved it. */
async function bindNumber(parts: IdentityParts, base: BindBase, msisdn: string): Promise<BindReply> {
  await parts.owners.of(msisdn)
  const outcome = await parts.accounts.bind({ ...base, type: 'phone', identifier: msisdn })
  if (outcome.kind === 'bound') await parts.owners.bound(msisdn, outcome.identityId)
  return bound(outcome)
}

async function claimEmail(
  parts: IdentityParts,
  session: OpenSession,
  fields: Readonly<Record<string, unknown>>,
  ip: string,
): Promise<BindReply> {
  const identifier = readEmail(parts, fields)
  await parts.limiter.take('email-source-hour', sourceOf(ip))
  await parts.limiter.take('email-address-day', identifier)
  await parts.noteClaim({ ...requestFor(parts, session, ip), type: 'email', identifier })
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  await parts.vault.put(emailSlot(session, identifier), code)
  await parts.outbox.send({ to: identifier, template: 'email-code', code })
  return { kind: 'claimed', expiresInMs: CODE_LIFE_MS }
}

type BindBase = Omit<BindRequest, 'type' | 'identifier'>

function requestFor(parts: IdentityParts, { accountId }: OpenSession, ip: string): BindBase {
  return { accountId, atMs: parts.nowMs(), ip, onePerType: parts.onePerType }
}

function bound(outcome: BindOutcome): BindReply {
  if (outcome.kind === 'taken') throw new Refusal(409, 'IDENTITY_TAKEN', 'This belongs to another account.')
  if (outcome.kind === 'occupied') throw new Refusal(409, 'IDENTITY_TYPE_TAKEN', 'The account has one of this kind already.')
  return { kind: 'bound' }
}

function readEmail(parts: IdentityParts, fields: Readonly<Record<string, unknown>>): string {
  const email = canonicalEmail(ownField(fields, 'email'), parts.bounds)
  if (email === undefined) throw malformed('BODY_MALFORMED', 'The field email is not an e-mail address.')
  return email
}

/** The code is for one account: who did not ask for it cannot use it. */
function emailSlot({ accountId }: OpenSession, address: string) {
  return { purpose: 'email', to: `${accountId}:${address}` }
}

/** A provider's id names a person at other services too, so it is hidden like a number is. */
function shown({ type, identifier, verified, lastUsedAtMs }: Identity, mask: MaskNumber): ShownIdentity {
  const hidden = isProviderId(type) ? `${identifier.slice(0, 3)}***` : maskEmail(identifier)
  return { type, masked: type === 'phone' ? mask(identifier, 'identities') : hidden, verified, lastUsedAtMs }
}
