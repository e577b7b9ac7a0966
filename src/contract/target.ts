import type {
  AccountByIdInput,
  BindInput,
  CredentialInput,
  NonceInput,
  OneTapInput,
  PasswordChangeInput,
  PasswordLoginInput,
  PasswordResetInput,
  ProfileChangeInput,
  ReauthInput,
  RebindInput,
  RefreshInput,
  SmsLoginInput,
  SmsSendInput,
  ThirdPartyLoginInput,
  UnbindInput,
  VerifyNumberInput,
} from './operation-inputs.ts'
import type { PhoneReading } from './phone.ts'
import type { ProviderId } from './providers.ts'

export type * from './operation-inputs.ts'

/**
 * A target is a pure module: for each operation the backend has, how to build the request and how to read the reply.
 * Node loads it as it is; for k6 it is bundled with the scenario. It may import only pure code: no Node built-ins.
 */
export interface TargetProfile {
  /** Shown in reports. */
  name: string
  operations: TargetOperations
  /** Text values from the config's `target.vars` and the world (for instance the secret a rebind notice is signed with). */
  traits?: TargetTraits
}

export interface TargetTraits {
  /** Longest time after a `reissued` notice until old credentials must be dead. Milliseconds, default 2,000. */
  revocationWithinMs?: number
  /** Life of a nonce in milliseconds; attacks on it wait for its end only when that is near. Absent: not tried. */
  nonceLifeMs?: number
  /** Whom the target asks whether a number changed hands, beside what notices tell it; where that mock runs, it must. */
  asksSubscriber?: ProviderId
  /** The target speaks HTTP/2 on a connection without TLS. Over TLS nothing need be said: it is asked by ALPN. */
  http2PriorKnowledge?: boolean
  /** How many logins with refused carrier tokens one address may make in a minute. Absent: not tried. */
  refusedLoginsPerMinute?: number
  /** Where the public keys of session tokens are published (a JWK set). Absent: nowhere. */
  publicKeysPath?: string
  /** How many carrier calls the target makes in a second at most, however many logins come. Absent: not tried. */
  carrierCallsPerSecond?: number
  /** After so many failed calls to one carrier within ten seconds, logins by it are turned away without a call. Absent: not tried. */
  carrierFailuresUntilShed?: number
  /** How many nonces one address may fetch in a minute. Absent: not tried. */
  noncesPerMinute?: number
  /** Longest time from the first byte of a request to its last, milliseconds; slower ones are cut. Absent: not tried. */
  requestWithinMs?: number
  /** How many processes answer behind the address, over the same stores. Absent: one. */
  instances?: number
}

/** An operation the backend lacks is left out: what needs it becomes not-applicable, never passed. */
export interface TargetOperations {
  /** Fetches a server-made nonce. */
  nonce?: TargetOperation<NonceInput>
  /** Posts carrier token + nonce, answers with the backend's own credential. */
  oneTap?: TargetOperation<OneTapInput>
  /** Tells which account a credential stands for. */
  me?: TargetOperation<CredentialInput>
  /** Ends a session. */
  logout?: TargetOperation<CredentialInput>
  /** The carrier's notice that a number changed hands, SIM card or carrier. */
  rebind?: TargetOperation<RebindInput>
  /** Is a typed number, or are its last digits, those of the device the carrier token came from? */
  verifyNumber?: TargetOperation<VerifyNumberInput>
  /** Sends a code to a number. */
  smsSend?: TargetOperation<SmsSendInput>
  /** Logs in, or registers, by a number and the code sent to it. */
  smsLogin?: TargetOperation<SmsLoginInput>
  /** Logs in by a number or e-mail address and a password. */
  passwordLogin?: TargetOperation<PasswordLoginInput>
  /** Sets the password of the account that is logged in. */
  passwordChange?: TargetOperation<PasswordChangeInput>
  /** Sets a forgotten password by the code sent to the number. */
  passwordReset?: TargetOperation<PasswordResetInput>
  /** Logs in by what an identity provider gave the app. */
  thirdPartyLogin?: TargetOperation<ThirdPartyLoginInput>
  /** Proves once more who is there, for a ticket that sensitive changes ask for. */
  reauth?: TargetOperation<ReauthInput>
  /** Adds an identity to the account that is logged in. */
  bind?: TargetOperation<BindInput>
  /** Removes an identity from the account. */
  unbind?: TargetOperation<UnbindInput>
  /** Trades a refresh credential for new credentials. */
  refresh?: TargetOperation<RefreshInput>
  /** Ends all sessions of the account. */
  logoutAll?: TargetOperation<CredentialInput>
  /** Changes the account's profile. */
  profileChange?: TargetOperation<ProfileChangeInput>
  /** Shows an account by its id: one's own, or what may be seen of others. */
  accountById?: TargetOperation<AccountByIdInput>
  /** Lists the identities of the account that is logged in, masked. */
  identityList?: TargetOperation<CredentialInput>
}

export type OperationId = keyof TargetOperations
/** In this order they are prepared and shown; new ones go to the end. */
export const OPERATION_IDS: readonly OperationId[] = [
  'nonce',
  'oneTap',
  'me',
  'logout',
  'rebind',
  'verifyNumber',
  'smsSend',
  'smsLogin',
  'passwordLogin',
  'passwordChange',
  'passwordReset',
  'thirdPartyLogin',
  'reauth',
  'bind',
  'unbind',
  'refresh',
  'logoutAll',
  'profileChange',
  'accountById',
  'identityList',
]

export interface OperationInputs {
  nonce: NonceInput
  oneTap: OneTapInput
  me: CredentialInput
  logout: CredentialInput
  rebind: RebindInput
  verifyNumber: VerifyNumberInput
  smsSend: SmsSendInput
  smsLogin: SmsLoginInput
  passwordLogin: PasswordLoginInput
  passwordChange: PasswordChangeInput
  passwordReset: PasswordResetInput
  thirdPartyLogin: ThirdPartyLoginInput
  reauth: ReauthInput
  bind: BindInput
  unbind: UnbindInput
  refresh: RefreshInput
  logoutAll: CredentialInput
  profileChange: ProfileChangeInput
  accountById: AccountByIdInput
  identityList: CredentialInput
}

export interface TargetOperation<Input> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path below the target's base URL, constant: it names the request in metrics too. */
  path: string
  /** The path of one request where it names what the input names. For attacks only: load needs constant paths. */
  inputPath?(input: Input): string
  /** Headers every request of this operation carries. Prepared once. */
  headers?: Readonly<Record<string, string>>
  /** Headers that depend on the input: credentials, signatures. Called per request: keep it small. */
  inputHeaders?(input: Input, context: OperationContext): Record<string, string>
  /** Wire body. Attacks pass values of the wrong type on purpose: build it with a serialiser, never by joining strings. */
  body?(input: Input, context: OperationContext): string
  /** Reads a reply of any status. Must not trust anything; a throw counts as `failed`. */
  read(reply: Reply): Reading
}

/** What building a request may use besides its input. */
export interface OperationContext {
  /** Text values from config `target.vars`, merged with what the world knows (see docs/howto/targets.md). */
  vars: Readonly<Record<string, string>>
  crypto: CryptoPort
  /** Epoch milliseconds. */
  nowMs: number
}

/** Crypto by way of the platform: `k6/crypto` in k6, `node:crypto` in Node. Pure-JS crypto would cost k6 95 % of its rate. */
export interface CryptoPort {
  /** Lower-case hex. */
  hmacSha256(key: string, text: string): string
  /** Lower-case hex. */
  sha256(text: string): string
}

/** The part of a reply both k6's response and Node's client offer. Header names in canonical case (`Set-Cookie`). */
export interface Reply {
  /** 0 when no reply came. */
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** What a reply means. */
export type Reading =
  | {
      kind: 'granted'
      nonce?: string
      /** The backend's own credential (token_a, session id, cookie value), to be passed to `me` and `logout`. */
      credential?: string
      /** What `refresh` takes, where a login gives one. */
      refreshCredential?: string
      /** Stable id of the account. */
      account?: string
      /** Whether this login made the account, where the target says so. */
      created?: boolean
      /** `verifyNumber`: whether the number is the device's own. */
      match?: boolean
      /** `reauth`: what sensitive changes ask for. */
      ticket?: string
      /** What the user's own phone got; no target module gives it. */
      phone?: PhoneReading
    }
  /** The backend said no: an answer, not a failure. */
  | { kind: 'refused'; code?: string }
  /** No usable answer: 5xx, timeout, unreadable. */
  | { kind: 'failed'; reason: string }

/** Types and checks a target module; returns it unchanged. */
export function defineTarget(target: TargetProfile): TargetProfile {
  return target
}

/** The body of a reply as a JSON object, or an empty object when it is none: readers can then ask for fields without guarding. */
export function jsonBody(reply: Reply): Record<string, unknown> {
  // Read once: k6 makes the text anew each time.
  const { body } = reply
  if (typeof body !== 'string' || body === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** A field as text, or undefined. */
export function textField(object: unknown, key: string): string | undefined {
  if (typeof object !== 'object' || object === null) return undefined
  const value = (object as Record<string, unknown>)[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}
