import type { Answer, Operation } from '../dialect.ts'
import { authorizePage } from '../identity/authorize-page.ts'
import { secondsLeft } from '../identity/identity-desk.ts'
import { answered, type IdentityContext, identified, identityOperation } from '../identity/identity-operation.ts'
import { type StringFields, text } from './string-fields.ts'

/** Weibo's OAuth 2 errors by number: name and HTTP status 400; what is wrong with a token when it is used is 21327 or 21332. */
const ERRORS = {
  21322: 'redirect_uri_mismatch',
  21323: 'invalid_request',
  21324: 'invalid_client',
  21325: 'invalid_grant',
  21327: 'expired_token',
  21328: 'unsupported_grant_type',
  21329: 'unsupported_response_type',
  21332: 'invalid_access_token',
} as const

function oauthError(code: keyof typeof ERRORS, path: string): Answer {
  const body = { error: ERRORS[code], error_code: code, request: path, error_uri: path, error_description: ERRORS[code] }
  return answered(400, String(code), JSON.stringify(body))
}

/** Errors of the data interfaces: a text and a number, HTTP 400 (10013 and the like) or 500. */
function dataError(httpStatus: number, code: number, error: string, path: string): Answer {
  return answered(httpStatus, String(code), JSON.stringify({ request: path, error_code: code, error }))
}

function deadToken({ assume }: IdentityContext, kind: 'unknown' | 'spent' | 'expired', path: string): Answer {
  return oauthError(kind === 'expired' && assume('expired-token') === '21327' ? 21327 : 21332, path)
}

export function weiboOperations(context: IdentityContext): Operation[] {
  const operations = [authorize(context), accessToken(context), getTokenInfo(context), usersShow(context), revoke(context)]
  return operations.map(operation => withErrorStatus(operation, context))
}

/** Errors under the HTTP status that is assumed for them; the vendor's table of codes names none. */
function withErrorStatus(operation: Operation, { assume }: IdentityContext): Operation {
  return {
    ...operation,
    read: call => {
      const reading = operation.read(call)
      const settle: typeof reading.settle = claims => {
        const answer = reading.settle(claims)
        return answer.httpStatus === 400 ? { ...answer, httpStatus: Number(assume('error-status')) } : answer
      }
      return { ...reading, settle }
    },
  }
}

function paths(path: string): { path: string; malformed(): Answer; systemError(): Answer } {
  return {
    path,
    malformed: () => oauthError(21323, path),
    systemError: () => dataError(500, 10001, 'system error', path),
  }
}

function authorize(context: IdentityContext): Operation {
  const path = '/oauth2/authorize'
  const wrong = { app: 21324, redirect: 21322, type: 21329 } as const
  return identityOperation(context, {
    ...paths(path),
    name: 'authorize',
    methods: ['GET', 'POST'],
    credential: 'access_token',
    appParameter: 'client_id',
    serve: parameters => authorizePage(context, parameters, 'client_id', why => oauthError(wrong[why], path)),
  })
}

function accessToken(context: IdentityContext): Operation {
  const path = '/oauth2/access_token'
  const { desk, apps } = context
  const serve = (parameters: StringFields): Answer => {
    const app = apps.find(one => one.appId === text(parameters, 'client_id'))
    if (app === undefined || text(parameters, 'client_secret') !== app.secret) return oauthError(21324, path)
    if (text(parameters, 'grant_type') !== 'authorization_code') return oauthError(21328, path)
    const found = desk.code(text(parameters, 'code'))
    if (found.kind !== 'ok' || found.grant.appIndex !== app.appIndex) return oauthError(21325, path)
    const { redirectUri } = found.grant
    if (redirectUri !== undefined && redirectUri !== text(parameters, 'redirect_uri')) return oauthError(21322, path)
    const issued = desk.exchange(found.grant)
    const life = secondsLeft(issued.grant, issued.grant.issuedAtMs)
    const uid = desk.openId(issued.grant)
    return identified(
      JSON.stringify({ access_token: issued.accessToken, expires_in: life, remind_in: String(life), uid, isRealName: 'true' }),
    )
  }
  return identityOperation(context, {
    ...paths(path),
    name: 'access_token',
    methods: ['POST'],
    credential: 'code',
    appParameter: 'client_id',
    secretParameter: 'client_secret',
    serve,
  })
}

function getTokenInfo(context: IdentityContext): Operation {
  const path = '/oauth2/get_token_info'
  const { desk, apps, nowMs } = context
  return identityOperation(context, {
    ...paths(path),
    name: 'get_token_info',
    methods: ['POST'],
    credential: 'access_token',
    serve: parameters => {
      const found = desk.access(text(parameters, 'access_token'))
      if (found.kind !== 'ok') return deadToken(context, found.kind, path)
      const { grant } = found
      return identified(
        JSON.stringify({
          uid: Number(desk.openId(grant)),
          appkey: apps[grant.appIndex]?.appId ?? '',
          scope: '',
          create_at: Math.floor(grant.issuedAtMs / 1000),
          expire_in: secondsLeft(grant, nowMs()),
        }),
      )
    },
  })
}

function usersShow(context: IdentityContext): Operation {
  const path = '/2/users/show.json'
  const { desk } = context
  return identityOperation(context, {
    ...paths(path),
    name: 'users/show',
    methods: ['GET'],
    credential: 'access_token',
    serve: parameters => {
      const found = desk.access(text(parameters, 'access_token'))
      if (found.kind !== 'ok') return deadToken(context, found.kind, path)
      const uid = text(parameters, 'uid')
      if (!/^\d{1,15}$/.test(uid)) return dataError(400, 10008, 'param error, see doc for more info.', path)
      const isOwn = uid === desk.openId(found.grant)
      if (!isOwn && context.assume('foreign-uid') === 'refused')
        return dataError(400, 10014, 'insufficient app permissions', path)
      // Any person may be looked up: who the token belongs to is not what this answers.
      const face = { screen_name: `user_${uid}`, name: `user_${uid}`, avatar_large: `https://tvax.sinaimg.example/${uid}.jpg` }
      const answer = identified(JSON.stringify({ id: Number(uid), idstr: uid, ...face }))
      return { ...answer, redeemed: isOwn }
    },
  })
}

function revoke(context: IdentityContext): Operation {
  const path = '/oauth2/revokeoauth2'
  return identityOperation(context, {
    ...paths(path),
    name: 'revokeoauth2',
    methods: ['GET', 'POST'],
    credential: 'access_token',
    serve: parameters => {
      const found = context.desk.access(text(parameters, 'access_token'))
      if (found.kind !== 'ok') return deadToken(context, found.kind, path)
      found.grant.spent = true
      return answered(200, '', JSON.stringify({ result: 'true' }))
    },
  })
}
