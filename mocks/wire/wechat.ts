import type { Answer, Operation } from '../dialect.ts'
import { authorizePage } from '../identity/authorize-page.ts'
import type { Grant } from '../identity/grant-book.ts'
import { secondsLeft } from '../identity/identity-desk.ts'
import { answered, type IdentityContext, identified, identityOperation, JSON_TYPE } from '../identity/identity-operation.ts'
import { type StringFields, text } from './string-fields.ts'

/** WeChat answers JSON under a plain text type. */
const TEXT_TYPE = 'text/plain'
const SCOPE = 'snsapi_userinfo'

/** WeChat's global return codes as far as these operations give them; all come with HTTP 200. */
const ERRORS = {
  [-1]: 'system error',
  40001: 'invalid credential, access_token is invalid or not latest',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40013: 'invalid appid',
  40029: 'invalid code',
  40030: 'invalid refresh_token',
  40125: 'invalid appsecret',
  40163: 'code been used',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  41009: 'missing openid',
  42001: 'access_token expired',
  43001: 'require GET method',
} as const

function failure(errcode: keyof typeof ERRORS): Answer {
  return answered(200, String(errcode), JSON.stringify({ errcode, errmsg: ERRORS[errcode] }), TEXT_TYPE)
}

/** WeChat's answers under the HTTP status and type that are assumed for them. */
function asAssumed(operation: Operation, { assume }: IdentityContext): Operation {
  const retyped = (answer: Answer): Answer => {
    if (answer.contentType !== TEXT_TYPE) return answer
    const contentType = assume('content-type') === 'json' ? JSON_TYPE : TEXT_TYPE
    return contentType === TEXT_TYPE ? answer : { ...answer, contentType }
  }
  return {
    ...operation,
    read: call => {
      const reading = operation.read(call)
      return { ...reading, settle: claims => retyped(reading.settle(claims)) }
    },
  }
}

const SHARED = {
  methods: ['GET'],
  malformed: () => failure(43001),
  systemError: () => failure(-1),
} as const

export function wechatOperations(context: IdentityContext): Operation[] {
  const operations = [authorize(context), accessToken(context), refreshToken(context), auth(context), userInfo(context)]
  return operations.map(operation => asAssumed(operation, context))
}

function authorize(context: IdentityContext): Operation {
  const page = (text: string): Answer => answered(200, '', `<!doctype html><p>${text}</p>`, 'text/html; charset=utf-8')
  const wrong = { app: 'AppID wrong', redirect: 'redirect_uri wrong', type: 'response_type wrong' }
  return identityOperation(context, {
    ...SHARED,
    name: 'qrconnect',
    path: '/connect/qrconnect',
    credential: 'access_token',
    appParameter: 'appid',
    serve: parameters => authorizePage(context, parameters, 'appid', why => page(wrong[why])),
  })
}

function accessToken(context: IdentityContext): Operation {
  const { desk, apps } = context
  const serve = (parameters: StringFields): Answer => {
    for (const [name, missing] of [
      ['appid', 41002],
      ['secret', 41004],
      ['code', 41008],
    ] as const) {
      if (text(parameters, name) === '') return failure(missing)
    }
    const app = apps.find(one => one.appId === text(parameters, 'appid'))
    if (app === undefined) return failure(40013)
    if (text(parameters, 'secret') !== app.secret) return failure(40125)
    if (text(parameters, 'grant_type') !== 'authorization_code') return failure(40002)
    const found = desk.code(text(parameters, 'code'))
    if (found.kind !== 'unknown' && found.grant.appIndex !== app.appIndex) return failure(40029)
    if (found.kind === 'spent') return failure(context.assume('used-code') === '40163' ? 40163 : 40029)
    if (found.kind !== 'ok') return failure(40029)
    const issued = desk.exchange(found.grant)
    return tokens(context, issued.grant, issued.accessToken, issued.refreshToken)
  }
  return identityOperation(context, {
    ...SHARED,
    name: 'sns/oauth2/access_token',
    path: '/sns/oauth2/access_token',
    credential: 'code',
    appParameter: 'appid',
    secretParameter: 'secret',
    serve,
  })
}

function tokens({ desk, nowMs }: IdentityContext, grant: Grant, accessToken: string, refreshToken: string): Answer {
  const unionId = desk.unionId(grant.user)
  const fields = {
    access_token: accessToken,
    expires_in: secondsLeft(grant, nowMs()),
    refresh_token: refreshToken,
    openid: desk.openId(grant),
    scope: SCOPE,
  }
  return identified(JSON.stringify(unionId === undefined ? fields : { ...fields, unionid: unionId }), TEXT_TYPE)
}

function refreshToken(context: IdentityContext): Operation {
  const { desk, apps } = context
  return identityOperation(context, {
    ...SHARED,
    name: 'sns/oauth2/refresh_token',
    path: '/sns/oauth2/refresh_token',
    credential: 'refresh_token',
    appParameter: 'appid',
    serve: parameters => {
      const app = apps.find(one => one.appId === text(parameters, 'appid'))
      if (app === undefined) return failure(40013)
      if (text(parameters, 'grant_type') !== 'refresh_token') return failure(40002)
      const presented = text(parameters, 'refresh_token')
      const found = desk.refresh(presented)
      if (found.kind !== 'ok' || found.grant.appIndex !== app.appIndex) return failure(40030)
      const renewed = desk.renew(found.grant)
      const access = desk.access(renewed)
      return access.kind === 'ok' ? tokens(context, access.grant, renewed, presented) : failure(-1)
    },
  })
}

/** The access token and openid of a call, checked as WeChat does: that they fit each other, not whose app they are for. */
function holder({ desk }: IdentityContext, parameters: StringFields): Grant | Answer {
  const token = text(parameters, 'access_token')
  const openId = text(parameters, 'openid')
  if (token === '') return failure(41001)
  if (openId === '') return failure(41009)
  const found = desk.access(token)
  if (found.kind === 'expired') return failure(42001)
  if (found.kind !== 'ok') return failure(40001)
  return desk.openId(found.grant) === openId ? found.grant : failure(40003)
}

function auth(context: IdentityContext): Operation {
  return identityOperation(context, {
    ...SHARED,
    name: 'sns/auth',
    path: '/sns/auth',
    credential: 'access_token',
    serve: parameters => {
      const grant = holder(context, parameters)
      return 'httpStatus' in grant ? grant : identified(JSON.stringify({ errcode: 0, errmsg: 'ok' }), TEXT_TYPE)
    },
  })
}

function userInfo(context: IdentityContext): Operation {
  const { desk } = context
  return identityOperation(context, {
    ...SHARED,
    name: 'sns/userinfo',
    path: '/sns/userinfo',
    credential: 'access_token',
    serve: parameters => {
      const grant = holder(context, parameters)
      if ('httpStatus' in grant) return grant
      const face = { nickname: `user_${grant.user}`, sex: 0, province: '', city: '', country: '', headimgurl: '', privilege: [] }
      const unionId = desk.unionId(grant.user)
      return identified(
        JSON.stringify({ openid: desk.openId(grant), ...face, ...(unionId === undefined ? {} : { unionid: unionId }) }),
        TEXT_TYPE,
      )
    },
  })
}
