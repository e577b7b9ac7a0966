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
  INVALID_TOKEN_CONTEXT: 'Fields of the request do not match the access token.',
  'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED': 'OTP cannot be sent to this phone number.',
  'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED': 'The phone number is blocked.',
  NOT_FOUND: 'The specified resource is not found.',
  IDENTIFIER_NOT_FOUND: 'Phone number not found.',
  NOT_ACCEPTABLE: 'The server cannot produce what the client accepts.',
  METHOD_NOT_ALLOWED: 'The requested method is not allowed/supported on the target resource.',
  UNSUPPORTED_MEDIA_TYPE: 'The server refuses to accept the request because the payload format is in an unsupported format.',
  ABORTED: 'Concurrency of processes of the same nature or scope.',
  CONFLICT: 'A specified resource duplicate entry was found.',
  INCOMPATIBLE_STATE: 'The resource is in a state that does not allow this.',
  GONE: 'Access to the target resource is no longer available.',
  FAILED_PRECONDITION: 'Request cannot be executed in the current system state.',
  SERVICE_NOT_APPLICABLE: 'The service is not available for the provided identifier.',
  UNSUPPORTED_IDENTIFIER: 'The identifier provided is not supported.',
  ALREADY_EXISTS: 'The resource that a client tried to create already exists.',
  MISSING_IDENTIFIER: 'The phone number cannot be identified.',
  UNNECESSARY_IDENTIFIER: 'The phone number is already identified by the access token.',
  QUOTA_EXCEEDED: 'Rejected due to exceeding a business quota limit.',
  TOO_MANY_REQUESTS: 'Rate limit reached.',
  NOT_IMPLEMENTED: 'This functionality is not implemented yet.',
  BAD_GATEWAY: 'An upstream internal service cannot be reached.',
  UNAVAILABLE: 'Service Unavailable.',
  TIMEOUT: 'Request timeout exceeded.',
  INTERNAL: 'Unknown server error. Typically a server bug.',
} as const
export type ErrorCode = keyof typeof MESSAGES

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  'NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK': 403,
  'ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED': 403,
  INVALID_TOKEN_CONTEXT: 403,
  'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_NOT_ALLOWED': 403,
  'ONE_TIME_PASSWORD_SMS.PHONE_NUMBER_BLOCKED': 403,
  NOT_FOUND: 404,
  IDENTIFIER_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  ABORTED: 409,
  CONFLICT: 409,
  INCOMPATIBLE_STATE: 409,
  ALREADY_EXISTS: 409,
  GONE: 410,
  FAILED_PRECONDITION: 412,
  UNSUPPORTED_MEDIA_TYPE: 415,
  SERVICE_NOT_APPLICABLE: 422,
  UNSUPPORTED_IDENTIFIER: 422,
  MISSING_IDENTIFIER: 422,
  UNNECESSARY_IDENTIFIER: 422,
  QUOTA_EXCEEDED: 429,
  TOO_MANY_REQUESTS: 429,
  INTERNAL: 500,
  NOT_IMPLEMENTED: 501,
  BAD_GATEWAY: 502,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
}

/** Whether a code is one of the common error list or of the six APIs. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(MESSAGES, code)
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
