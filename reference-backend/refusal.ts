/** Every `error.code` a client can meet. */
export type RefusalCode =
  | 'ACCOUNT_GONE'
  | 'ACCOUNT_UNKNOWN'
  | 'APP_UNKNOWN'
  | 'BODY_MALFORMED'
  | 'BODY_TOO_LARGE'
  | 'BUSY'
  | 'CARRIER_BUSY'
  | 'CARRIER_NOT_OFFERED'
  | 'CARRIER_TOKEN_REFUSED'
  | 'CARRIER_TOKEN_SPENT'
  | 'CARRIER_UNAVAILABLE'
  | 'CODE_INVALID'
  | 'CONTENT_TYPE_UNSUPPORTED'
  | 'CREDENTIAL_INVALID'
  | 'IDENTITY_LAST'
  | 'IDENTITY_TAKEN'
  | 'IDENTITY_TYPE_TAKEN'
  | 'INTERNAL'
  | 'LOCKED'
  | 'LOGIN_FAILED'
  | 'METHOD_NOT_ALLOWED'
  | 'NONCE_MALFORMED'
  | 'NONCE_REQUIRED'
  | 'NONCE_UNKNOWN'
  | 'NOT_CONFIGURED'
  | 'NOT_FOUND'
  | 'PROVIDER_TOKEN_REFUSED'
  | 'PROVIDER_UNAVAILABLE'
  | 'RATE_LIMITED'
  | 'REAUTH_FAILED'
  | 'REAUTH_REQUIRED'
  | 'REBIND_DISABLED'
  | 'REBIND_SIGNATURE_INVALID'
  | 'REFRESH_INVALID'
  | 'REQUEST_MALFORMED'
  | 'SMS_UNAVAILABLE'
  | 'STEP_UP_REQUIRED'
  | 'STORE_UNAVAILABLE'
  | 'TOKEN_MALFORMED'

/**
 * A request answered with no. The sentence goes to the client as it is: it is a constant and carries nothing the client or
 * the carrier sent.
 */
export class Refusal extends Error {
  readonly status: number
  readonly code: RefusalCode
  /** Whole seconds after which asking again makes sense: the Retry-After header. */
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, code: RefusalCode, sentence: string, retryAfterSeconds?: number) {
    super(sentence)
    this.name = 'Refusal'
    this.status = status
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The request as such was wrong, whoever sent it. */
export function isMalformed(refusal: Refusal): boolean {
  return refusal.status === 400 || refusal.status === 413 || refusal.status === 415 || refusal.status === 422
}

export function malformed(code: RefusalCode, sentence: string): Refusal {
  return new Refusal(400, code, sentence)
}

/** A flow the environment gives no address for. */
export function notConfigured(): Refusal {
  return new Refusal(501, 'NOT_CONFIGURED', 'This way is not set up here.')
}
