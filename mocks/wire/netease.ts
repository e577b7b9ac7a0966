import type { Answer, Operation } from '../dialect.ts'
import { authorizePage } from '../identity/authorize-page.ts'
import { secondsLeft } from '../identity/identity-desk.ts'
import { answered, type IdentityContext, identified, identityOperation, redirected } from '../identity/identity-operation.ts'
import { type StringFields, text } from './string-fields.ts'

function failure(error: string, description: string): Answer {
  return answered(200, error, JSON.stringify({ error, error_description: description }))
}

const SHARED = {
  malformed: () => failure('invalid_request', 'request is malformed'),
  systemError: () => failure('server_error', 'system error'),
}

/** NetEase passport (URS). */
export function neteaseOperations(context: IdentityContext): Operation[] {
  return [authorize(context), token(context), getUserInfo(context)]
}

function authorize(context: IdentityContext): Operation {
  const wrong = {
    app: failure('invalid_client', 'client identifier is invalid'),
    redirect: failure('redirect_uri_mismatch', 'redirect uri is invalid'),
    type: failure('unsupported_response_type', 'response type is invalid'),
  }
  return identityOperation(context, {
    ...SHARED,
    name: 'authorize',
    path: '/open/oauth2/authorize.do',
    methods: ['GET'],
    credential: 'access_token',
    appParameter: 'client_id',
    serve: parameters =>
      authorizePage(context, parameters, 'client_id', why => {
        const redirectUri = text(parameters, 'redirect_uri')
        if (why !== 'app' || context.assume('wrong-client') === 'answered' || !URL.canParse(redirectUri)) return wrong[why]
        const target = new URL(redirectUri)
        target.searchParams.set('error', 'invalid_client')
        return redirected(target.href, 'invalid_client')
      }),
  })
}

function token(context: IdentityContext): Operation {
  const { desk, apps } = context
  const serve = (parameters: StringFields): Answer => {
    const app = apps.find(one => one.appId === text(parameters, 'client_id'))
    if (app === undefined || text(parameters, 'client_secret') !== app.secret) {
      return failure('invalid_client', 'client identifier is invalid')
    }
    if (text(parameters, 'grant_type') !== 'authorization_code') return failure('unsupported_grant_type', 'grant type is invalid')
    const found = desk.code(text(parameters, 'code'))
    if (found.kind !== 'ok' || found.grant.appIndex !== app.appIndex) return failure('invalid_grant', 'code is invalid')
    const { redirectUri } = found.grant
    if (redirectUri !== undefined && redirectUri !== text(parameters, 'redirect_uri')) {
      return failure('redirect_uri_mismatch', 'redirect uri is invalid')
    }
    const issued = desk.exchange(found.grant)
    const life = secondsLeft(issued.grant, issued.grant.issuedAtMs)
    return identified(JSON.stringify({ expires_in: life, access_token: issued.accessToken }))
  }
  return identityOperation(context, {
    ...SHARED,
    name: 'token',
    path: '/open/oauth2/token.do',
    methods: ['POST'],
    credential: 'code',
    appParameter: 'client_id',
    secretParameter: 'client_secret',
    serve,
  })
}

function getUserInfo(context: IdentityContext): Operation {
  const { desk, apps } = context
  return identityOperation(context, {
    ...SHARED,
    name: 'getUserInfo',
    path: '/open/oauth2/getUserInfo.do',
    methods: ['GET'],
    credential: 'access_token',
    serve: parameters => {
      const found = desk.access(text(parameters, 'access_token'))
      if (found.kind !== 'ok')
        return failure('invalid_token', `access token is ${found.kind === 'expired' ? 'expired' : 'invalid'}`)
      const { grant } = found
      const person = { username: `urs_${grant.user}`, userId: desk.openId(grant) }
      if (context.assume('app-key') === 'absent') return identified(JSON.stringify(person))
      return identified(JSON.stringify({ ...person, appKey: apps[grant.appIndex]?.appId ?? '' }))
    },
  })
}
