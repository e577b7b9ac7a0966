/** How a person can be recognised. Only `phone` is used so far; the table takes the others without change. */
export type IdentityType = 'phone'

export interface LoginByIdentity {
  type: IdentityType
  /** Canonical: for a phone 11 digits (see msisdn.ts). */
  identifier: string
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
  /** Full number, for masking only; undefined when no number is bound. */
  msisdn: string | undefined
}

export interface Binding {
  identityId: string
  accountId: string
  /** When identifier and account were bound: epoch milliseconds, not moved by later logins. */
  verifiedAtMs: number
}

export interface CarrierNote {
  identifier: string
  carrier: string
  /** The carrier's own count per number: a note with a lower one than that on file is old news. */
  sequence: number
}

/** user_basic and user_authorization. Methods throw the store's own error when it is unreachable. */
export interface AccountStore {
  /** Finds the account of the identity or makes both; of many first logins at once one creates, all get the same account. */
  logIn(login: LoginByIdentity): Promise<LoggedIn>
  account(id: string): Promise<Account | undefined>
  binding(type: IdentityType, identifier: string): Promise<Binding | undefined>
  /** Removes one identity row; the account and its data stay. */
  unbind(identityId: string): Promise<void>
  noteCarrier(note: CarrierNote): Promise<void>
  /** The carrier last noted for a number. */
  notedCarrier(identifier: string): Promise<string | undefined>
  hasEvent(eventId: string): Promise<boolean>
  /** Marks a notice as worked off. True for the one caller who marked it. */
  recordEvent(eventId: string, atMs: number): Promise<boolean>
  close(): Promise<void>
}

/** Name of a new account: says nothing about the number. */
export function nicknameFor(accountId: string): string {
  return `user-${accountId.slice(0, 8)}`
}
