import type { Answer } from '../dialect.ts'

/** Errors of the authorization server are OAuth's, not CAMARA's (security profile). */
export type OauthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unknown_user_id'
  | 'access_denied'
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'server_error'

export function oauthError(error: OauthError, description: string, httpStatus = error === 'invalid_client' ? 401 : 400): Answer {
  return json(httpStatus, { error, error_description: description }, error)
}

export function oauthResult(value: unknown): Answer {
  return json(200, value, '')
}

function json(httpStatus: number, value: unknown, resultCode: string): Answer {
  return {
    httpStatus,
    contentType: 'application/json',
    headers: { 'cache-control': 'no-store' },
    body: JSON.stringify(value),
    resultCode,
    redeemed: false,
    billed: false,
  }
}
