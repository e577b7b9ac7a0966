import type { LoginLine } from '../controls/log-lines.ts'
import type { Refusal } from '../refusal.ts'
import type { AccountStore, Binding, LoggedIn, LoginByIdentity } from '../stores/accounts.ts'
import type { AuditLog } from './audit.ts'
import type { NumberOwners } from './number-owner.ts'
import type { SessionFlow } from './session.ts'

/**
 * Somebody who has proved to be who they say: of an identifier (its holder registers by it), or, when there is `known`, only of
 * the account behind it.
 */
export interface Entry {
  type: LoginByIdentity['type']
  /** Canonical. */
  identifier: string
  /** The provider's token, to be kept. */
  credential?: string
  known?: KnownAccount
  /** For the audit log: `sms`, `one-tap:china-mobile`, … */
  method: string
  ip: string
  /** What the client sent along that could be mistaken for a session, and what a log line could show. */
  body: Readonly<Record<string, unknown>>
}

/**
 * Who knows an account's password has not shown to have its number: if the number is parted from the account before the login is
 * done, it must end there, and not make its sender a new account that holds somebody else's number.
 */
export interface KnownAccount {
  binding: Binding
  /** The account's epoch when the proof was looked at (SessionFlow.begin). */
  epoch: string
  /** What is thrown when the binding is gone. */
  gone: () => Refusal
}

export interface LoginReply {
  tokenA: string
  refreshToken: string
  expiresInMs: number
  account: { id: string }
  created: boolean
}

/** The last step of every login: finds or makes the account, begins the session, leaves a line in the log. */
export type Enter = (entry: Entry) => Promise<LoginReply>

export interface EnterParts {
  logIn: AccountStore['logIn']
  touch: AccountStore['touch']
  owners: NumberOwners
  /** Whether a known number is asked about at all: without a service to ask it would be a look-up for nothing. */
  askOwners: boolean
  begin: SessionFlow['begin']
  audit: AuditLog
  /** Throws when this identifier is shut out (controls/lockout.ts). */
  mayEnter: (identifier: string) => Promise<void>
  log: (line: LoginLine) => void
  nowMs: () => number
}

export function enterFlow(parts: EnterParts): Enter {
  const { owners, audit, nowMs } = parts
  return async entry => {
    const { type, identifier, known, method, ip, body } = entry
    await parts.mayEnter(identifier)
    const owner = type === 'phone' && parts.askOwners ? await owners.of(identifier) : known?.binding
    const login = await (known === undefined ? logIn(parts, entry) : logInto(parts, known, owner, ip))
    if (login.created && type === 'phone') await owners.bound(identifier, login.identityId)
    const credentials = await parts.begin(login, body.tokenA, known?.epoch)
    audit.record({ accountId: login.accountId, method, outcome: 'granted', atMs: nowMs(), ip })
    parts.log({ method, type, identifier, ip, body, tokenA: credentials.tokenA })
    return { ...credentials, account: { id: login.accountId }, created: login.created }
  }
}

function logIn({ logIn, nowMs }: EnterParts, { type, identifier, credential, ip }: Entry): Promise<LoggedIn> {
  return logIn({ type, identifier, atMs: nowMs(), ip, ...(credential === undefined ? {} : { credential }) })
}

async function logInto(
  { touch, nowMs }: EnterParts,
  { binding, gone }: KnownAccount,
  owner: Binding | undefined,
  ip: string,
): Promise<LoggedIn> {
  const login = owner?.identityId === binding.identityId ? await touch(binding.identityId, nowMs(), ip) : undefined
  if (login === undefined) throw gone()
  return login
}
