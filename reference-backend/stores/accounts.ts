/** Providers of third-party login. */
export const PROVIDER_IDS = ['netease', 'qq', 'wechat', 'weibo'] as const
export type ProviderId = (typeof PROVIDER_IDS)[number]

/** How a person can be recognised. */
export type LoginType = 'email' | 'phone' | ProviderId
/** A password is a row too, one per account, its identifier the account's id: it can be changed in one place only. */
export type IdentityType = LoginType | 'password'

export function isProviderId(value: unknown): value is ProviderId {
  return (PROVIDER_IDS as readonly unknown[]).includes(value)
}

export function isLoginType(value: unknown): value is LoginType {
  return value === 'email' || value === 'phone' || isProviderId(value)
}

export interface LoginByIdentity {
  type: LoginType
  /** Canonical: for a phone 11 digits (msisdn.ts), for e-mail lower case, for a provider its openId. */
  identifier: string
  /** The provider's token, kept fresh; absent leaves what is there. */
  credential?: string
  /** Epoch milliseconds. */
  atMs: number
  ip: string
}

export interface LoggedIn {
  accountId: string
  /** The row in user_authorization the login came by. A number bound anew gets a new id, so an id is never reused. */
  identityId: string
  created: boolean
}

export interface Account {
  id: string
  nickname: string
  /** Address of a picture. */
  avatar: string | undefined
  createdAtMs: number
  /** Full number, for masking only; undefined when no number is bound. */
  msisdn: string | undefined
}

/** The fields of a profile its owner may change. */
export interface ProfileChange {
  nickname?: string
  avatar?: string
}

export interface Binding {
  identityId: string
  accountId: string
  /** When identifier and account were bound: epoch milliseconds, not moved by later logins. */
  verifiedAtMs: number
  /** Since when the holder of the number is known to be this one: epoch milliseconds. */
  holderSinceMs: number
}

/** One row of user_authorization as its owner may see it, the identifier still in full. */
export interface Identity {
  id: string
  type: LoginType
  identifier: string
  verified: boolean
  lastUsedAtMs: number
}

export interface BindRequest extends LoginByIdentity {
  accountId: string
  /** Refuse when the account has a verified identity of this type. */
  onePerType: boolean
}

/** `taken`: another account's. `occupied`: the account has one of this type. */
export type BindOutcome = { kind: 'bound'; identityId: string } | { kind: 'already' } | { kind: 'taken' } | { kind: 'occupied' }

export interface CarrierNote {
  identifier: string
  carrier: string
  /** The carrier's own count per number: a note with a lower one than that on file is old news. */
  sequence: number
}

/** One line of the audit log. Holds no identifier: the account's rows do. */
export interface AuditEntry {
  /** Undefined when nobody was recognised. */
  accountId: string | undefined
  /** `one-tap:china-mobile`, `sms`, `password`, `third-party:qq`, … */
  method: string
  /** `granted`, or the code of the refusal. */
  outcome: string
  /** Epoch milliseconds. */
  atMs: number
  ip: string
}

/** user_basic, user_authorization, audit_log. Methods throw the store's own error when it is unreachable. */
export interface AccountStore {
  /** Finds the account of the identity or makes both; of many first logins at once one creates, all get the same account. */
  logIn(login: LoginByIdentity): Promise<LoggedIn>
  /** A login by a row found before. Undefined when the row is gone since: nothing is made then. */
  touch(identityId: string, atMs: number, ip: string): Promise<LoggedIn | undefined>
  /** Makes an account with this identity; undefined when somebody has the identity already. */
  register(login: LoginByIdentity): Promise<LoggedIn | undefined>
  account(id: string): Promise<Account | undefined>
  changeProfile(id: string, change: ProfileChange): Promise<void>
  /** The account a verified identity belongs to. */
  binding(type: IdentityType, identifier: string): Promise<Binding | undefined>
  setHolderSince(identityId: string, atMs: number): Promise<void>
  /** Verified identities and claims of an account, the password not among them. */
  identities(accountId: string): Promise<readonly Identity[]>
  /** Binds a proved identity; of many who bind one identity at once, one does. Claims of others to it end. */
  bind(request: BindRequest): Promise<BindOutcome>
  /** Notes that an account says it has an identifier. Opens nothing and keeps nobody else from it. */
  claim(request: Omit<BindRequest, 'onePerType'>): Promise<void>
  /** Removes the verified identities of a type; undefined, and nothing removed, when no other would be left to log in by. */
  removeType(accountId: string, type: LoginType): Promise<readonly string[] | undefined>
  /** Removes one identity row; the account and its data stay. */
  unbind(identityId: string): Promise<void>
  /** Turns an identity into a claim. */
  demote(identityId: string): Promise<void>
  /** The account that first claimed an identifier without its being verified. */
  claimant(type: LoginType, identifier: string): Promise<Binding | undefined>
  /** What is kept beside an identifier: a provider's token. */
  credential(identityId: string): Promise<string | undefined>
  setCredential(identityId: string, credential: string): Promise<void>
  /** The password's hash, undefined when the account has none. */
  passwordHash(accountId: string): Promise<string | undefined>
  /** False when there is no such account. */
  setPasswordHash(accountId: string, hash: string, atMs: number, ip: string): Promise<boolean>
  noteCarrier(note: CarrierNote): Promise<void>
  /** The carrier last noted for a number. */
  notedCarrier(identifier: string): Promise<string | undefined>
  hasEvent(eventId: string): Promise<boolean>
  /** Marks a notice as worked off. True for the one caller who marked it. */
  recordEvent(eventId: string, atMs: number): Promise<boolean>
  audit(entry: AuditEntry): Promise<void>
  /** The account's newest lines, newest first. */
  auditOf(accountId: string, most: number): Promise<readonly AuditEntry[]>
  /** Takes away what keeps two accounts from having one identity. There is no way back but to make the index again by hand. */
  dropUniqueness(): Promise<void>
  close(): Promise<void>
}

/** Name of a new account: says nothing about the number. */
export function nicknameFor(accountId: string): string {
  return `user-${accountId.slice(0, 8)}`
}
