import { randomBytes } from 'node:crypto'
import { objectBody, ownField } from '../body-reader.ts'
import type { InputBounds } from '../controls/input-bounds.ts'
import type { NonceGate } from '../controls/nonce-burned-first.ts'
import type { PasswordBook } from '../controls/one-password.ts'
import type { RequireReauth } from '../controls/reauth-required.ts'
import type { PasswordHasher } from '../password-hash.ts'
import { malformed, Refusal } from '../refusal.ts'
import type { AccountStore } from '../stores/accounts.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import type { Limiter } from './limiter.ts'
import type { NumberOwners } from './number-owner.ts'
import { readPassword } from './password.ts'
import type { OpenSession } from './session.ts'
import type { SmsCodeFlow } from './sms-code.ts'
import type { CarrierRequest, TokenExchange } from './token-exchange.ts'

export interface ReauthTicket {
  ticket: string
  expiresInMs: number
}

export interface ReauthFlow {
  /** Proves once more who holds the session, by password, by a code to the account's number or by a carrier token of it. */
  prove(session: OpenSession, request: CarrierRequest): Promise<ReauthTicket>
  /** Spends a ticket, or takes `oldPassword` or `code` from the request itself. Throws 403 without any, 401 for a wrong one. */
  require(session: OpenSession, ticket: unknown, fields: Readonly<Record<string, unknown>>, ip: string): Promise<void>
}

export interface ReauthParts {
  store: EphemeralStore
  accounts: AccountStore
  owners: NumberOwners
  book: PasswordBook
  hasher: PasswordHasher
  bounds: InputBounds
  limiter: Limiter
  sms: SmsCodeFlow
  exchange: TokenExchange
  gate: NonceGate
  enforce: RequireReauth
}

const TICKET_LIFE_MS = 300_000
const TICKET_SHAPE = /^[A-Za-z0-9_-]{43}$/

/** A ticket is a random value in the store, bound to one session and spent by its use: no token of another kind can be one. */
export function reauthFlow(parts: ReauthParts): ReauthFlow {
  const { store, limiter } = parts
  const byPassword = async (session: OpenSession, fields: Readonly<Record<string, unknown>>, name: string): Promise<void> => {
    const password = readPassword(parts.bounds, fields, name, 1)
    await limiter.take('reauth-account-hour', session.accountId)
    const hash = await parts.book.hashOf(session)
    if (!(await parts.hasher.matches(password, hash))) throw failed()
    await limiter.giveBack('reauth-account-hour', session.accountId)
  }
  const byCode = async (session: OpenSession, code: unknown, ip: string): Promise<void> => {
    await parts.sms.redeem('confirm', await numberOf(parts, session), code, ip)
  }
  return {
    prove: async (session, request) => {
      const fields = objectBody(request.body)
      if (Object.hasOwn(fields, 'password')) await byPassword(session, fields, 'password')
      else if (Object.hasOwn(fields, 'code')) await byCode(session, ownField(fields, 'code'), request.ip)
      else {
        const { msisdn } = await parts.exchange(parts.gate, request)
        const owner = await parts.owners.of(msisdn)
        if (owner?.accountId !== session.accountId) throw failed()
      }
      const ticket = randomBytes(32).toString('base64url')
      await store.put(ticketKey(session, ticket), '1', TICKET_LIFE_MS)
      return { ticket, expiresInMs: TICKET_LIFE_MS }
    },
    require: (session, ticket, fields, ip) =>
      parts.enforce(async () => {
        if (ticket !== undefined) return spend(store, session, ticket)
        if (Object.hasOwn(fields, 'oldPassword')) return byPassword(session, fields, 'oldPassword')
        if (Object.hasOwn(fields, 'code')) return byCode(session, ownField(fields, 'code'), ip)
        throw new Refusal(403, 'REAUTH_REQUIRED', 'Prove once more that it is you (POST /v1/reauth).')
      }),
  }
}

async function spend(store: EphemeralStore, session: OpenSession, ticket: unknown): Promise<void> {
  if (typeof ticket !== 'string' || !TICKET_SHAPE.test(ticket)) throw failed()
  if ((await store.take(ticketKey(session, ticket))) === undefined) throw failed()
}

/** The account's own number, still its own. */
async function numberOf(parts: ReauthParts, session: OpenSession): Promise<string> {
  const account = await parts.accounts.account(session.accountId)
  if (account?.msisdn === undefined) throw malformed('BODY_MALFORMED', 'The account has no number a code could go to.')
  const owner = await parts.owners.of(account.msisdn)
  if (owner?.accountId !== session.accountId) throw failed()
  return account.msisdn
}

function failed(): Refusal {
  return new Refusal(401, 'REAUTH_FAILED', 'This did not prove that it is you.')
}

function ticketKey({ sessionId }: OpenSession, ticket: string): string {
  return `ticket:${sessionId}:${ticket}`
}
