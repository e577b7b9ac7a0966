import type { CarrierId } from './carriers.ts'
import type { RebindNotice } from './journal.ts'
import type { Json } from './json.ts'

/** What a nonce is fetched for. Targets whose nonces serve every purpose ignore it. */
export type NoncePurpose = 'login' | 'verify' | 'bind' | 'reauth'

/** What a code is sent for. */
export type SmsPurpose = 'login' | 'reset' | 'bind' | 'reauth'

/** Identity providers that third-party login knows. */
export type ThirdPartyId = 'weibo' | 'qq' | 'wechat' | 'netease'

export interface NonceInput {
  deviceId?: string
  /** Default `login`. */
  purpose?: NoncePurpose
}

export interface OneTapInput {
  carrier: CarrierId
  /** Text in honest use; attacks send anything. `undefined` leaves the field out. */
  token: Json | undefined
  appId: string
  nonce: Json | undefined
  authCode?: string
}

export interface CredentialInput {
  credential: string
}

export interface RebindInput {
  notice: RebindNotice
}

/** The whole number, or its last digits: one of the two. */
export interface VerifyNumberInput extends OneTapInput, CredentialInput {
  number?: Json
  lastDigits?: Json
}

export interface SmsSendInput {
  number: Json
  purpose: SmsPurpose
  /** For purposes of somebody who is logged in. */
  credential?: string
}

export interface SmsLoginInput {
  number: Json
  code: Json
}

export interface PasswordLoginInput {
  /** Number or e-mail address. */
  identifier: Json
  password: Json
}

/** The right to do it comes from the old password, from a fresh code, or from a ticket of `reauth`. */
export interface PasswordChangeInput extends CredentialInput {
  newPassword: string
  ticket?: string
  oldPassword?: string
  code?: string
}

export interface PasswordResetInput {
  number: Json
  code: Json
  newPassword: string
}

/** Providers give a token or a code; `openId` is what a client must not be believed. */
export interface ThirdPartyLoginInput {
  provider: ThirdPartyId
  accessToken?: Json
  code?: Json
  openId?: Json
}

/** How somebody proves who they are, or that an identity is theirs. */
export type IdentityProof =
  | ({ kind: 'one-tap' } & OneTapInput)
  | ({ kind: 'sms' } & SmsLoginInput)
  | { kind: 'password'; password: Json }
  | ({ kind: 'third-party' } & ThirdPartyLoginInput)
  /** Only said, not proved yet: a number or an e-mail address. */
  | { kind: 'claim'; number?: Json; email?: Json }

export interface ReauthInput extends CredentialInput {
  proof: IdentityProof
}

export interface BindInput extends CredentialInput {
  /** From `reauth`; absent when the target asks for none, or to see whether it does. */
  ticket?: string
  identity: IdentityProof
}

export interface UnbindInput extends CredentialInput {
  ticket?: string
  /** The target's own name of the identity's type, for instance `phone`. */
  type: string
}

export interface RefreshInput {
  refreshCredential: string
}

/** `account`: an id as `me` shows it. */
export interface AccountByIdInput extends CredentialInput {
  account: string
}

export interface ProfileChangeInput extends CredentialInput {
  fields: Readonly<Record<string, Json>>
}
