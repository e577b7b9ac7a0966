import type { Answer } from '../dialect.ts'

/** Codes of CAMARA's common error list with the texts the API files give as examples; `message` is free text. */
const MESSAGES = {
  INVALID_ARGUMENT: 'Client specified an invalid argument, request body or query param.',
  OUT_OF_RANGE: 'Client specified an invalid range.',
  INVALID_PROTOCOL: 'Only HTTP is supported',
  INVALID_CREDENTIAL: 'Only Access token is supported',
  INVALID_TOKEN: 'Only bearer token is supported',
  INVALID_SINK: 'sink not valid for the specified protocol',
  UNAUTHENTICATED: 'Request not authenticated due to missing, invalid, or expired credentials. A new authentication is required.',
  PERMISSION_DENIED: 'Client does not have sufficient permissions to perform this action.',
  'NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK':
    'Client must authenticate via the mobile network to use this service',
  'ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED': 'Too many OTPs have been requested for this MSISDN. Try later.',
  'ONE_TIME_PASSWORD_SMS.INVALID_OTP': 'The provided OTP is not valid for this authenticationId',
  'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED': 'The authenticationId is no longer valid',
  'ONE_TIME_PASSWORD_SMS.VERIFICATION_FAILED':
    'The maximum number of attempts for this authenticationId was exceeded without providing a valid OTP',
  NOT_FOUND: 'The specified resource is not found.',
  IDENTIFIER_NOT_FOUND: 'Phone number not found.',
  METHOD_NOT_ALLOWED: 'The requested method is not allowed/supported on the target resource.',
  UNSUPPORTED_MEDIA_TYPE: 'The server refuses to accept the request because the payload format is in an unsupported format.',
  ALREADY_EXISTS: 'The resource that a client tried to create already exists.',
  MISSING_IDENTIFIER: 'The phone number cannot be identified.',
  UNNECESSARY_IDENTIFIER: 'The phone number is already identified by the access token.',
  QUOTA_EXCEEDED: 'Rejected due to exceeding a business quota limit.',
  INTERNAL: 'Unknown server error. Typically a server bug.',
} as const
export type ErrorCode = keyof typeof MESSAGES

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  'NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK': 403,
  'ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED': 403,
  NOT_FOUND: 404,
  IDENTIFIER_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  ALREADY_EXISTS: 409,
  UNSUPPORTED_MEDIA_TYPE: 415,
  MISSING_IDENTIFIER: 422,
  UNNECESSARY_IDENTIFIER: 422,
  QUOTA_EXCEEDED: 429,
  INTERNAL: 500,
}

const JSON_TYPE = 'application/json'

/** The three members every API error has; `status` repeats the HTTP status. */
export function apiError(code: ErrorCode): Answer {
  const status = STATUS[code] ?? 400
  const body = JSON.stringify({ status, code, message: MESSAGES[code] })
  const answer = { httpStatus: status, contentType: JSON_TYPE, body, resultCode: code, redeemed: false, billed: false }
  return status === 401 ? { ...answer, headers: { 'www-authenticate': 'Bearer' } } : answer
}

/** A served call. `redeemed`: a number was given out or confirmed. */
export function apiResult(value: unknown, { httpStatus = 200, redeemed = false } = {}): Answer {
  return { httpStatus, contentType: JSON_TYPE, body: JSON.stringify(value), resultCode: '', redeemed, billed: true }
}

/** 204 has no body, and so no type. */
export function noContent(): Answer {
  return { httpStatus: 204, contentType: JSON_TYPE, body: '', resultCode: '', redeemed: false, billed: true }
}
