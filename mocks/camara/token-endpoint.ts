import { createHash } from 'node:crypto'
import type { Answer, Call, Operation } from '../dialect.ts'
import { type StringFields, text } from '../wire/string-fields.ts'
import type { TokenSubject } from './access-tokens.ts'
import type { BackchannelAuthorization } from './authorizations.ts'
import { audiencesOf, authenticate, formOperation, isRefusal } from './backchannel-form.ts'
import type { CamaraClient } from './clients.ts'
import { identityToken } from './identity-token.ts'
import { userOf } from './login-hints.ts'
import { oauthError, oauthResult } from './oauth-answers.ts'
import type { OperatorContext } from './operator-context.ts'
import { isForUsersOnly, parseScopes, type Scopes } from './scopes.ts'

const CIBA = 'urn:openid:params:grant-type:ciba'
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** The four grants of the security profile. No refresh tokens: the profile makes them optional, Number Verification forbids them. */
export function tokenEndpoint(context: OperatorContext): Operation {
  return formOperation(context, { name: 'token', path: '/token', serve: (form, call) => token(context, form, call) })
}

function token(context: OperatorContext, form: StringFields, call: Call): Answer {
  const grantType = text(form, 'grant_type')
  if (grantType === JWT_BEARER) return byAssertion(context, form, call)
  if (grantType !== 'authorization_code' && grantType !== 'client_credentials' && grantType !== CIBA) {
    return oauthError('unsupported_grant_type', 'not one of the profile')
  }
  const client = authenticate(context, form, call)
  if (isRefusal(client)) return client
  if (grantType === 'authorization_code') return byCode(context, client, form, call)
  return grantType === CIBA ? byPolling(context, client, form, call) : byClient(context, client, form)
}

interface Issue {
  client: CamaraClient
  scopes: Scopes
  subject: TokenSubject | undefined
  nonce?: string | undefined
}

function issue(context: OperatorContext, call: Call | undefined, { client, scopes, subject, nonce }: Issue): Answer {
  const { operator } = context
  const clientSeconds = Number(context.ports.assume('client-token-seconds'))
  const grant = { clientIndex: client.appIndex, operator, scopes: scopes.apis, subject }
  const given = context.tokens.issue(grant, clientSeconds)
  const idToken =
    call !== undefined && subject !== undefined && scopes.openid
      ? identityToken(context, call, { client, subject, nonce })
      : undefined
  return oauthResult({
    access_token: given.token,
    token_type: 'Bearer',
    expires_in: given.expiresInSeconds,
    ...(idToken === undefined ? {} : { id_token: idToken }),
  })
}

/** Two-legged: the consumer for itself. Number Verification is about a user and cannot be had so (assumed to fail here). */
function byClient(context: OperatorContext, client: CamaraClient, form: StringFields): Answer {
  const scopes = parseScopes(text(form, 'scope'))
  if (scopes === undefined) return oauthError('invalid_scope', 'needs one purpose and scopes of APIs')
  if (scopes.apis.some(isForUsersOnly)) return oauthError('invalid_scope', 'needs a user')
  return issue(context, undefined, { client, scopes, subject: undefined })
}

function byCode(context: OperatorContext, client: CamaraClient, form: StringFields, call: Call): Answer {
  const found = context.authorizations.code(text(form, 'code'))
  const nowMs = context.ports.nowMs()
  if (found === undefined || found.spent || nowMs >= found.expiresAtMs) return oauthError('invalid_grant', 'code')
  if (found.clientIndex !== client.appIndex || found.operator !== context.operator) return oauthError('invalid_grant', 'client')
  if (found.redirectUri !== text(form, 'redirect_uri')) return oauthError('invalid_grant', 'redirect_uri')
  const verifier = text(form, 'code_verifier')
  const challenge = verifier === '' ? undefined : createHash('sha256').update(verifier).digest('base64url')
  if (challenge !== found.codeChallenge) return oauthError('invalid_grant', 'code_verifier')
  found.spent = true
  return issue(context, call, { client, scopes: found.scopes, subject: found.subject, nonce: found.nonce })
}

function byPolling(context: OperatorContext, client: CamaraClient, form: StringFields, call: Call): Answer {
  const found = context.authorizations.backchannel(text(form, 'auth_req_id'))
  if (found === undefined || found.spent) return oauthError('invalid_grant', 'auth_req_id')
  if (found.clientIndex !== client.appIndex || found.operator !== context.operator) return oauthError('invalid_grant', 'client')
  const waiting = waitingFor(context, found)
  if (waiting !== undefined) return waiting
  found.spent = true
  return issue(context, call, { client, scopes: found.scopes, subject: found.subject })
}

/** Why there is no token yet, or never will be. Whoever asks again within the interval is told to slow down by 5 s (CIBA). */
function waitingFor(context: OperatorContext, request: BackchannelAuthorization): Answer | undefined {
  const { nowMs, assume } = context.ports
  const now = nowMs()
  if (now >= request.expiresAtMs) return oauthError('expired_token', 'too late')
  const approval = assume('backchannel-approval')
  if (approval === 'denied') return oauthError('access_denied', 'the user said no')
  const tooSoon = request.lastPollMs !== undefined && now - request.lastPollMs < request.intervalMs
  request.lastPollMs = now
  if (approval === 'at-once' || (approval === 'after-2s' && now - request.createdAtMs >= 2000 && !tooSoon)) return undefined
  if (!tooSoon) return oauthError('authorization_pending', 'the user has not answered')
  request.intervalMs += 5000
  return oauthError('slow_down', 'asked within the interval')
}

/** RFC 7523: the assertion is authorisation and client authentication at once. */
function byAssertion(context: OperatorContext, form: StringFields, call: Call): Answer {
  if ('scope' in form) return oauthError('invalid_request', 'scope belongs into the assertion')
  const taken = context.assertions.take(text(form, 'assertion'), audiencesOf(context, call))
  if (taken.kind === 'refused') return oauthError('invalid_grant', taken.why)
  const { client, jwt } = taken
  const { sub, scope } = jwt.claims
  const scopes = typeof scope === 'string' ? parseScopes(scope) : undefined
  if (scopes === undefined) return oauthError('invalid_scope', 'needs one purpose and scopes of APIs')
  const subject = typeof sub === 'string' ? userOf(context, sub, client.appIndex) : undefined
  if (subject === undefined) return oauthError('invalid_grant', 'no such user here')
  if (!context.authorizations.hasConsent(subject.index)) return oauthError('invalid_grant', 'no consent')
  return issue(context, call, { client, scopes, subject })
}
