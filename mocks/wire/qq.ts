import type { Answer, Operation } from '../dialect.ts'
import { authorizePage } from '../identity/authorize-page.ts'
import { secondsLeft } from '../identity/identity-desk.ts'
import { answered, type IdentityContext, identified, identityOperation } from '../identity/identity-operation.ts'
import { type StringFields, text } from './string-fields.ts'

const PAGE_TYPE = 'text/html; charset=utf-8'

/** QQ's public OAuth 2.0 codes; all come with HTTP 200. */
const ERRORS = {
  100000: 'param response_type is wrong or lost',
  100001: 'param client_id is wrong or lost',
  100004: 'param grant_type is wrong or lost',
  100007: 'param access_token is wrong or lost',
  100008: 'appid does not exist',
  100009: 'param client_secret is illegal',
  100010: 'redirect uri is illegal',
  100016: 'access token check failed',
  100019: 'code to access token error',
  100020: 'code is reused error',
  100021: 'get access token error',
} as const

/** JSON with `fmt=json`, else a call of a function that a page is supposed to have. */
function spell(parameters: StringFields, value: unknown): { body: string; contentType: string } {
  const json = JSON.stringify(value)
  return text(parameters, 'fmt') === 'json'
    ? { body: json, contentType: 'application/json; charset=utf-8' }
    : { body: `callback( ${json} );\n`, contentType: PAGE_TYPE }
}

function failure(parameters: StringFields, error: keyof typeof ERRORS): Answer {
  const { body, contentType } = spell(parameters, { error, error_description: ERRORS[error] })
  return answered(200, String(error), body, contentType)
}

const SHARED = {
  malformed: () => failure({}, 100001),
  systemError: () => failure({}, 100021),
}

export function qqOperations(context: IdentityContext): Operation[] {
  return [authorize(context), token(context), me(context), getUserInfo(context)]
}

function authorize(context: IdentityContext): Operation {
  const wrong = { app: 100008, redirect: 100010, type: 100000 } as const
  return identityOperation(context, {
    ...SHARED,
    name: 'authorize',
    path: '/oauth2.0/authorize',
    methods: ['GET'],
    credential: 'access_token',
    appParameter: 'client_id',
    serve: parameters => authorizePage(context, parameters, 'client_id', why => failure(parameters, wrong[why])),
  })
}

function token(context: IdentityContext): Operation {
  const { desk, apps } = context
  const serve = (parameters: StringFields): Answer => {
    const app = apps.find(one => one.appId === text(parameters, 'client_id'))
    if (app === undefined) return failure(parameters, 100008)
    if (text(parameters, 'client_secret') !== app.secret) return failure(parameters, 100009)
    if (text(parameters, 'grant_type') !== 'authorization_code') return failure(parameters, 100004)
    const found = desk.code(text(parameters, 'code'))
    if (found.kind === 'spent') return failure(parameters, 100020)
    if (found.kind !== 'ok' || found.grant.appIndex !== app.appIndex) return failure(parameters, 100019)
    const { redirectUri } = found.grant
    if (redirectUri !== undefined && redirectUri !== text(parameters, 'redirect_uri')) return failure(parameters, 100010)
    const issued = desk.exchange(found.grant)
    const life = secondsLeft(issued.grant, issued.grant.issuedAtMs)
    const fields = { access_token: issued.accessToken, expires_in: String(life), refresh_token: issued.refreshToken }
    return text(parameters, 'fmt') === 'json'
      ? identified(JSON.stringify({ ...fields, expires_in: life }))
      : identified(new URLSearchParams(fields).toString(), PAGE_TYPE)
  }
  return identityOperation(context, {
    ...SHARED,
    name: 'token',
    path: '/oauth2.0/token',
    methods: ['GET'],
    credential: 'code',
    appParameter: 'client_id',
    secretParameter: 'client_secret',
    serve,
  })
}

function me(context: IdentityContext): Operation {
  const { desk, apps } = context
  return identityOperation(context, {
    ...SHARED,
    name: 'me',
    path: '/oauth2.0/me',
    methods: ['GET'],
    credential: 'access_token',
    serve: parameters => {
      if (text(parameters, 'access_token') === '') return failure(parameters, 100007)
      const found = desk.access(text(parameters, 'access_token'))
      if (found.kind !== 'ok') return failure(parameters, 100016)
      const { grant } = found
      const unionId = text(parameters, 'unionid') === '1' ? desk.unionId(grant.user) : undefined
      const { body, contentType } = spell(parameters, {
        client_id: apps[grant.appIndex]?.appId ?? '',
        openid: desk.openId(grant),
        ...(unionId === undefined ? {} : { unionid: unionId }),
      })
      return identified(body, contentType)
    },
  })
}

/** The OpenAPI of old: JSON with `ret`, whatever `fmt` says. */
function getUserInfo(context: IdentityContext): Operation {
  const { desk, apps, assume } = context
  const deadToken = (): Answer => refuse(Number(assume('dead-token-at-user-info')), 'token is invalid')
  const refuse = (ret: number, msg: string): Answer => answered(200, String(ret), JSON.stringify({ ret, msg }), PAGE_TYPE)
  return identityOperation(context, {
    name: 'get_user_info',
    path: '/user/get_user_info',
    methods: ['GET'],
    credential: 'access_token',
    appParameter: 'oauth_consumer_key',
    malformed: () => refuse(-1, 'request is illegal'),
    systemError: () => refuse(-10000, 'system error'),
    serve: parameters => {
      const found = desk.access(text(parameters, 'access_token'))
      if (found.kind !== 'ok') return deadToken()
      if (apps[found.grant.appIndex]?.appId !== text(parameters, 'oauth_consumer_key')) return deadToken()
      if (desk.openId(found.grant) !== text(parameters, 'openid')) return refuse(-22, 'openid is invalid')
      const picture = `https://qzapp.qlogo.example/${desk.openId(found.grant)}/100`
      return identified(
        JSON.stringify({ ret: 0, msg: '', nickname: `user_${found.grant.user}`, figureurl_qq_1: picture }),
        PAGE_TYPE,
      )
    },
  })
}
