import type { LoginLine } from '../controls/log-lines.ts'
import type { AccountStore, LoginByIdentity } from '../stores/accounts.ts'
import type { AuditLog } from './audit.ts'
import type { NumberOwners } from './number-owner.ts'
import type { SessionFlow } from './session.ts'

/** Somebody who has proved to be who they say. */
export interface Entry {
  type: LoginByIdentity['type']
  /** Canonical. */
  identifier: string
  /** The provider's token, to be kept. */
  credential?: string
  /** For the audit log: `sms`, `one-tap:china-mobile`, … */
  method: string
  ip: string
  /** What the client sent along that could be mistaken for a session, and what a log line could show. */
  body: Readonly<Record<string, unknown>>
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
  return async ({ type, identifier, credential, method, ip, body }) => {
    await parts.mayEnter(identifier)
    if (type === 'phone' && parts.askOwners) await owners.of(identifier)
    const kept = credential === undefined ? {} : { credential }
    const login = await parts.logIn({ type, identifier, atMs: nowMs(), ip, ...kept })
    if (login.created && type === 'phone') await owners.bound(identifier, login.identityId)
    const credentials = await parts.begin(login, body.tokenA)
    audit.record({ accountId: login.accountId, method, outcome: 'granted', atMs: nowMs(), ip })
    parts.log({ method, type, identifier, ip, body, tokenA: credentials.tokenA })
    return { ...credentials, account: { id: login.accountId }, created: login.created }
  }
}
