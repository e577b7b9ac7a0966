/** Every `error.code` a client can meet. */
export type RefusalCode =
  | 'ACCOUNT_GONE'
  | 'APP_UNKNOWN'
  | 'BODY_MALFORMED'
  | 'BODY_TOO_LARGE'
  | 'CARRIER_NOT_OFFERED'
  | 'CARRIER_TOKEN_REFUSED'
  | 'CARRIER_TOKEN_SPENT'
  | 'CARRIER_UNAVAILABLE'
  | 'CONTENT_TYPE_UNSUPPORTED'
  | 'CREDENTIAL_INVALID'
  | 'INTERNAL'
  | 'NONCE_MALFORMED'
  | 'NONCE_REQUIRED'
  | 'NONCE_UNKNOWN'
  | 'NOT_FOUND'
  | 'REBIND_DISABLED'
  | 'REBIND_SIGNATURE_INVALID'
  | 'REQUEST_MALFORMED'
  | 'STORE_UNAVAILABLE'
  | 'TOKEN_MALFORMED'

/**
 * A request answered with no. The sentence goes to the client as it is: it is a constant and carries nothing the client or
 * the carrier sent.
 */
export class Refusal extends Error {
  readonly status: number
  readonly code: RefusalCode

  constructor(status: number, code: RefusalCode, sentence: string) {
    super(sentence)
    this.name = 'Refusal'
    this.status = status
    this.code = code
  }
}

/** The request as such was wrong, whoever sent it. */
export function isMalformed(refusal: Refusal): boolean {
  return refusal.status === 400 || refusal.status === 413 || refusal.status === 415 || refusal.status === 422
}

export function malformed(code: RefusalCode, sentence: string): Refusal {
  return new Refusal(400, code, sentence)
}
