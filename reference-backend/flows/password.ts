import { objectBody, ownField } from '../body-reader.ts'
import type { ArmedControls } from '../controls/arm.ts'
import type { CutSessions } from '../controls/credential-change-cuts.ts'
import type { InputBounds } from '../controls/input-bounds.ts'
import type { LimitKey } from '../controls/limit-key.ts'
import type { Lockout } from '../controls/lockout.ts'
import type { ReadNumber } from '../controls/number-canonical.ts'
import type { PasswordBook } from '../controls/one-password.ts'
import type { Recovery } from '../controls/recovery-cut.ts'
import type { UniformAnswers } from '../controls/uniform-answers.ts'
import { canonicalEmail } from '../identifier.ts'
import { PASSWORD_LENGTH } from '../input-shapes.ts'
import type { PasswordHasher } from '../password-hash.ts'
import { malformed, Refusal } from '../refusal.ts'
import type { AccountStore, LoginType } from '../stores/accounts.ts'
import type { AuditLog } from './audit.ts'
import type { Enter, LoginReply } from './enter.ts'
import { sourceOf } from './limiter.ts'
import type { NumberOwners } from './number-owner.ts'
import type { ReauthFlow } from './reauth.ts'
import type { OpenSession, SessionFlow } from './session.ts'
import type { SmsCodeFlow } from './sms-code.ts'

export interface PasswordParts {
  accounts: AccountStore
  owners: NumberOwners
  hasher: PasswordHasher
  book: PasswordBook
  bounds: InputBounds
  answers: UniformAnswers
  lockout: Lockout
  limitKey: LimitKey
  readNumber: ReadNumber
  recovery: Recovery
  proveReset: ReturnType<ArmedControls['reset-proved']>
  epochOf: SessionFlow['epochOf']
  cutSessions: CutSessions
  sms: SmsCodeFlow
  reauth: ReauthFlow
  enter: Enter
  audit: AuditLog
  nowMs: () => number
}

export interface PasswordFlow {
  /** Throws the same 401 for an unknown identifier, an account without password and a wrong password, after the same work. */
  logIn(body: unknown, ip: string): Promise<LoginReply>
  /** Sets or changes the password; every other session ends. */
  change(session: OpenSession, body: unknown, ticket: unknown, ip: string): Promise<void>
  /** Sets a new password by a code sent to the number; every session ends. */
  reset(body: unknown, ip: string): Promise<void>
}

export function passwordFlow(parts: PasswordParts): PasswordFlow {
  const { accounts, hasher, book, answers, lockout, nowMs } = parts
  return {
    logIn: async (body, ip) => {
      const fields = objectBody(body)
      const { type, identifier, limitKey } = readIdentifier(parts, fields)
      const password = readPassword(parts.bounds, fields, 'password', 1)
      const source = sourceOf(ip)
      await lockout.before(limitKey, source)
      const binding = await accounts.binding(type, identifier)
      const { epoch, hash } = await lookedUp(parts, binding ?? NOBODY)
      const right = (hash !== undefined || answers.worksForNobody) && (await hasher.matches(password, hash))
      if (binding === undefined || !right) {
        await lockout.failed(identifier)
        if (binding !== undefined) {
          parts.audit.record({ accountId: binding.accountId, method: 'password', outcome: 'LOGIN_FAILED', atMs: nowMs(), ip })
        }
        throw answers.refusal(binding !== undefined)
      }
      await lockout.succeeded(limitKey, source)
      const known = { binding, epoch, gone: () => answers.refusal(true) }
      return parts.enter({ type, identifier, known, method: 'password', ip, body: fields })
    },
    change: async (session, body, ticket, ip) => {
      const fields = objectBody(body)
      const password = readPassword(parts.bounds, fields, 'password', PASSWORD_LENGTH.least)
      await parts.reauth.require(session, ticket, fields, ip)
      if (!(await book.set(session, await hasher.hash(password), nowMs(), ip))) throw gone()
      await parts.cutSessions(session.accountId, session)
      parts.audit.record({ accountId: session.accountId, method: 'password-change', outcome: 'granted', atMs: nowMs(), ip })
    },
    reset: async (body, ip) => {
      const fields = objectBody(body)
      const password = readPassword(parts.bounds, fields, 'password', PASSWORD_LENGTH.least)
      const msisdn = parts.readNumber(ownField(fields, 'number'))
      if (msisdn === undefined) throw malformed('BODY_MALFORMED', 'The field number is not a phone number of this country.')
      await parts.proveReset(fields, () => parts.sms.redeem('reset', msisdn, ownField(fields, 'code'), ip))
      const account = await parts.recovery.accountOf(msisdn, await parts.owners.of(msisdn))
      // Said to the proven owner of the number only, and in the words for a wrong code.
      if (account === undefined) throw new Refusal(401, 'CODE_INVALID', 'The code is wrong, was used or has ended.')
      if (!(await book.set(account, await hasher.hash(password), nowMs(), ip))) throw gone()
      await parts.cutSessions(account.accountId)
      parts.audit.record({ accountId: account.accountId, method: 'password-reset', outcome: 'granted', atMs: nowMs(), ip })
    },
  }
}

/** Looked up where nobody is found, so that nobody takes as many questions to the stores as somebody. */
const NOBODY = { accountId: '00000000-0000-0000-0000-000000000000', identityId: '00000000-0000-0000-0000-000000000000' }

/** The epoch first: whoever ends all sessions changes the password before, so an old hash never meets a new epoch. */
async function lookedUp(
  { book, epochOf }: PasswordParts,
  who: typeof NOBODY,
): Promise<{ epoch: string; hash: string | undefined }> {
  const epoch = await epochOf(who.accountId)
  return { epoch, hash: await book.hashOf(who) }
}

function readIdentifier(
  parts: PasswordParts,
  fields: Readonly<Record<string, unknown>>,
): { type: LoginType; identifier: string; limitKey: string } {
  const asSent = ownField(fields, 'identifier')
  const number = parts.readNumber(asSent)
  const identifier = number ?? canonicalEmail(asSent, parts.bounds)
  if (identifier === undefined)
    throw malformed('BODY_MALFORMED', 'The field identifier must be a phone number or an e-mail address.')
  return { type: number === undefined ? 'email' : 'phone', identifier, limitKey: parts.limitKey(String(asSent), identifier) }
}

/** Byte for byte as typed, but for Unicode's two ways to write one letter (password-hash.ts). */
export function readPassword(
  bounds: InputBounds,
  fields: Readonly<Record<string, unknown>>,
  name: string,
  least: number,
): string {
  const password = ownField(fields, name)
  // Signs, not the halves some of them have in JavaScript.
  const length = typeof password === 'string' ? Array.from(password).length : 0
  if (typeof password !== 'string' || length < least || length > bounds.maxPasswordLength) {
    throw malformed('BODY_MALFORMED', `The field ${name} must have ${least} to ${bounds.maxPasswordLength} characters.`)
  }
  return password
}

function gone(): Refusal {
  return new Refusal(401, 'ACCOUNT_GONE', 'The account of this session is gone.')
}
