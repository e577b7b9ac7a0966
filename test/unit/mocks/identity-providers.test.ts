import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalRow } from '../../../src/contract/journal.ts'
import { IDENTITY_PROVIDER_IDS, type IdentityProviderId, type ThirdPartyCredential } from '../../../src/contract/third-party.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ providers: IDENTITY_PROVIDER_IDS })
})
afterAll(() => mocks.close())

const urlOf = (provider: string) => mocks.ready.providers.find(one => one.provider === provider)!.url
const appOf = (provider: string, position = 0) => mocks.ready.providers.find(one => one.provider === provider)!.appIds[position]!

async function credential(provider: IdentityProviderId, user: number, app = 'target'): Promise<ThirdPartyCredential> {
  return (await mocks.control<ThirdPartyCredential>('POST', '/third-party/credentials', { provider, user, app })).body
}

interface Reply {
  status: number
  text: string
  location: string | null
  // biome-ignore lint/suspicious/noExplicitAny: bodies of four vendors, looked into freely
  json: any
}

async function ask(provider: string, path: string, parameters: Record<string, string>, method = 'GET'): Promise<Reply> {
  const encoded = new URLSearchParams(parameters).toString()
  const response = await fetch(`${urlOf(provider)}${path}${method === 'GET' ? `?${encoded}` : ''}`, {
    method,
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body: encoded, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
  })
  const text = await response.text()
  return { status: response.status, text, location: response.headers.get('location'), json: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How a backend asks each provider whom an access token is for. */
const whois: Record<Exclude<IdentityProviderId, 'wechat'>, (token: string) => Promise<Reply>> = {
  weibo: token => ask('weibo', '/oauth2/get_token_info', { access_token: token }, 'POST'),
  qq: token => ask('qq', '/oauth2.0/me', { access_token: token, unionid: '1', fmt: 'json' }),
  netease: token => ask('netease', '/open/oauth2/getUserInfo.do', { access_token: token }),
}

const exchange = (code: string, change: Record<string, string> = {}) => {
  const { WECHAT_APP_ID = '', WECHAT_APP_SECRET = '' } = mocks.ready.environment
  const fields = { appid: WECHAT_APP_ID, secret: WECHAT_APP_SECRET, code, grant_type: 'authorization_code', ...change }
  return ask('wechat', '/sns/oauth2/access_token', fields)
}

describe('Weibo', () => {
  it('says whose token it is, for which app, and how long it lives', async () => {
    const { accessToken, openId } = await credential('weibo', 7)
    const { status, json } = await whois.weibo(accessToken)
    expect([status, json]).toEqual([
      200,
      { uid: Number(openId), appkey: appOf('weibo'), scope: '', create_at: expect.any(Number), expire_in: expect.any(Number) },
    ])
    expect(json.expire_in).toBeGreaterThan(157_000_000)
    const shown = await ask('weibo', '/2/users/show.json', { access_token: accessToken, uid: openId })
    expect(shown.json).toMatchObject({ id: Number(openId), idstr: openId, screen_name: expect.any(String) })
  })

  it('tells a foreign app’s token by its app key, while the person is the same', async () => {
    const [own, foreign] = [await credential('weibo', 7), await credential('weibo', 7, 'foreign')]
    expect(foreign.openId).toBe(own.openId)
    expect((await whois.weibo(foreign.accessToken)).json.appkey).toBe(appOf('weibo', 1))
    expect(appOf('weibo', 1)).not.toBe(appOf('weibo'))
  })

  it.each([
    ['unknown', 21332, 'invalid_access_token'],
    ['revoked', 21332, 'invalid_access_token'],
    ['expired', 21327, 'expired_token'],
  ])('refuses an %s token with %i', async (state, code, error) => {
    const { accessToken } = await credential('weibo', 8)
    if (state === 'revoked') await ask('weibo', '/oauth2/revokeoauth2', { access_token: accessToken })
    if (state === 'expired') for (let i = 0; i < 5; i++) await mocks.control('POST', '/clock', { advanceMs: 366 * 86_400_000 })
    const refused = await whois.weibo(state === 'unknown' ? `${accessToken}x` : accessToken)
    await mocks.control('POST', '/reset')
    expect([refused.status, refused.json]).toMatchObject([400, { error, error_code: code, request: '/oauth2/get_token_info' }])
  })
})

describe('QQ', () => {
  it('answers JSON when asked to and a page’s callback else', async () => {
    const { accessToken, openId, unionId } = await credential('qq', 7)
    const body = { client_id: appOf('qq'), openid: openId, unionid: unionId }
    expect((await whois.qq(accessToken)).json).toEqual(body)
    const page = await ask('qq', '/oauth2.0/me', { access_token: accessToken })
    expect(page.text).toBe(`callback( {"client_id":"${appOf('qq')}","openid":"${openId}"} );\n`)
    expect(openId).toMatch(/^[0-9A-F]{32}$/)
    expect(unionId).toMatch(/^UID_[0-9A-F]{32}$/)
  })

  it('refuses a dead token with HTTP 200, in either form', async () => {
    const error = { error: 100016, error_description: 'access token check failed' }
    const json = await whois.qq('0'.repeat(32))
    expect([json.status, json.json]).toEqual([200, error])
    const page = await ask('qq', '/oauth2.0/me', { access_token: 'x' })
    expect([page.status, page.text]).toEqual([200, `callback( ${JSON.stringify(error)} );\n`])
  })

  it('gives a profile only to the app and person the token is for', async () => {
    const [own, foreign] = [await credential('qq', 7), await credential('qq', 7, 'foreign')]
    const profile = (token: string, openid: string, app = appOf('qq')) =>
      ask('qq', '/user/get_user_info', { access_token: token, oauth_consumer_key: app, openid })
    expect((await profile(own.accessToken, own.openId)).json).toMatchObject({ ret: 0, nickname: expect.any(String) })
    expect((await profile(own.accessToken, foreign.openId)).json.ret).toBe(-22)
    expect((await profile(foreign.accessToken, foreign.openId)).json.ret).toBe(-23)
  })
})

describe('WeChat', () => {
  it('exchanges a code once, for the app whose id and secret come with it', async () => {
    const { code, openId, unionId } = await credential('wechat', 7)
    const first = await exchange(code)
    expect(first.json).toEqual({
      access_token: expect.any(String),
      expires_in: 7200,
      refresh_token: expect.any(String),
      openid: openId,
      scope: 'snsapi_userinfo',
      unionid: unionId,
    })
    const second = await exchange(code)
    expect([second.status, second.json]).toEqual([200, { errcode: 40163, errmsg: 'code been used' }])
    const token = { access_token: first.json.access_token, openid: openId }
    expect((await ask('wechat', '/sns/auth', token)).json).toEqual({ errcode: 0, errmsg: 'ok' })
    expect((await ask('wechat', '/sns/userinfo', token)).json).toMatchObject({ openid: openId, unionid: unionId })
  })

  it('gives one winner when a code is exchanged many times at once', async () => {
    const { code } = await credential('wechat', 9)
    const replies = await Promise.all(Array.from({ length: 20 }, () => exchange(code)))
    expect(replies.filter(reply => reply.json.errcode === undefined)).toHaveLength(1)
    expect(replies.filter(reply => reply.json.errcode === 40163)).toHaveLength(19)
  })

  it('knows a person by another openid in each app and by one unionid', async () => {
    const [own, foreign, other] = [
      await credential('wechat', 7),
      await credential('wechat', 7, 'foreign'),
      await credential('wechat', 8),
    ]
    expect(foreign.openId).not.toBe(own.openId)
    expect(foreign.unionId).toBe(own.unionId)
    expect(other.unionId).not.toBe(own.unionId)
  })

  it('does not say which app an access token is for: a stranger app’s passes sns/auth', async () => {
    const { accessToken, openId } = await credential('wechat', 7, 'foreign')
    expect((await ask('wechat', '/sns/auth', { access_token: accessToken, openid: openId })).json.errcode).toBe(0)
  })

  it.each([
    ['a stranger app’s code', async () => exchange((await credential('wechat', 7, 'foreign')).code), 40029],
    ['an unknown code', async () => exchange('0abc'), 40029],
    ['no code', async () => exchange(''), 41008],
    ['an unknown app', async () => exchange('x', { appid: 'wx0' }), 40013],
    ['no app', async () => exchange('x', { appid: '' }), 41002],
    ['a wrong secret', async () => exchange('x', { secret: 'x' }), 40125],
    ['no secret', async () => exchange('x', { secret: '' }), 41004],
    ['another grant type', async () => exchange('x', { grant_type: 'password' }), 40002],
  ])('refuses %s with HTTP 200', async (_what, call, code) => {
    const { status, json } = await call()
    expect([status, json.errcode]).toEqual([200, code])
  })

  it('refuses a code after ten minutes and an access token after two hours, but renews it for thirty days', async () => {
    const { code } = await credential('wechat', 7)
    const late = await credential('wechat', 7)
    const { json } = await exchange(code)
    await mocks.control('POST', '/clock', { advanceMs: 600_000 })
    expect((await exchange(late.code)).json.errcode).toBe(40029)
    await mocks.control('POST', '/clock', { advanceMs: 6_600_000 })
    expect((await ask('wechat', '/sns/auth', { access_token: json.access_token, openid: json.openid })).json.errcode).toBe(42001)
    const renew = (change = {}) =>
      ask('wechat', '/sns/oauth2/refresh_token', {
        appid: appOf('wechat'),
        grant_type: 'refresh_token',
        refresh_token: json.refresh_token,
        ...change,
      })
    const renewed = (await renew()).json
    expect(renewed).toMatchObject({ openid: json.openid, refresh_token: json.refresh_token, expires_in: 7200 })
    expect((await ask('wechat', '/sns/auth', { access_token: renewed.access_token, openid: json.openid })).json.errcode).toBe(0)
    expect((await renew({ appid: appOf('wechat', 1) })).json.errcode).toBe(40030)
    expect((await renew({ grant_type: 'x' })).json.errcode).toBe(40002)
    await mocks.control('POST', '/clock', { advanceMs: 30 * 86_400_000 })
    expect((await renew()).json.errcode).toBe(40030)
    await mocks.control('POST', '/reset')
  })

  it('refuses an access token with another person’s openid, or a missing half', async () => {
    const [mine, theirs] = [await credential('wechat', 7), await credential('wechat', 8)]
    const auth = (access_token: string, openid: string) => ask('wechat', '/sns/userinfo', { access_token, openid })
    expect((await auth(mine.accessToken, theirs.openId)).json.errcode).toBe(40003)
    expect((await auth('', mine.openId)).json.errcode).toBe(41001)
    expect((await auth(mine.accessToken, '')).json.errcode).toBe(41009)
    expect((await auth('x', mine.openId)).json.errcode).toBe(40001)
  })
})

describe('NetEase', () => {
  it('says who it is and for which app', async () => {
    const [own, foreign] = [await credential('netease', 7), await credential('netease', 7, 'foreign')]
    expect((await whois.netease(own.accessToken)).json).toEqual({
      userId: own.openId,
      username: expect.any(String),
      appKey: appOf('netease'),
    })
    expect((await whois.netease(foreign.accessToken)).json.appKey).toBe(appOf('netease', 1))
  })

  it('refuses a dead token with HTTP 200', async () => {
    const refused = await whois.netease('x')
    expect([refused.status, refused.json]).toEqual([
      200,
      { error: 'invalid_token', error_description: 'access token is invalid' },
    ])
  })
})

describe('every identity provider', () => {
  it.each(IDENTITY_PROVIDER_IDS)(
    '%s gives different people different ids, the same ones in every process of a seed',
    async provider => {
      const ids = await Promise.all([1, 2, 3].map(async user => (await credential(provider, user)).openId))
      expect(new Set(ids).size).toBe(3)
      const again = await startedMocks({ providers: [provider] })
      const { body } = await again.control<ThirdPartyCredential>('POST', '/third-party/credentials', { provider, user: 1 })
      await again.close()
      expect(body.openId).toBe(ids[0])
    },
  )

  it.each(Object.entries(whois))('%s knows no token that was revoked, or given out before a reset', async (provider, who) => {
    const before = await credential(provider as IdentityProviderId, 5)
    expect((await who(before.accessToken)).json.error).toBeUndefined()
    await mocks.control('POST', '/third-party/revoke', { provider, accessToken: before.accessToken })
    expect((await who(before.accessToken)).json.error).toBeDefined()
    const second = await credential(provider as IdentityProviderId, 5)
    await mocks.control('POST', '/reset')
    expect((await who(second.accessToken)).json.error).toBeDefined()
    const third = await credential(provider as IdentityProviderId, 5)
    expect([before.accessToken, second.accessToken]).not.toContain(third.accessToken)
  })

  it('writes in the journal which credential was shown, for which app, and whether somebody was named', async () => {
    const { accessToken } = await credential('weibo', 7, 'foreign')
    await whois.weibo(accessToken)
    const { rows } = (await mocks.control<{ rows: JournalRow[] }>('POST', '/journal/query', { tokens: [accessToken] })).body
    expect(rows).toMatchObject([
      { provider: 'weibo', operation: 'get_token_info', appId: appOf('weibo', 1), redeemed: true, billed: false },
    ])
  })

  it.each([
    ['weibo', '/oauth2/authorize', 'client_id'],
    ['qq', '/oauth2.0/authorize', 'client_id'],
    ['wechat', '/connect/qrconnect', 'appid'],
    ['netease', '/open/oauth2/authorize.do', 'client_id'],
  ])(
    '%s sends a code to the app only after somebody agreed, and none for a request that is wrong',
    async (provider, path, parameter) => {
      const good = { [parameter]: appOf(provider), redirect_uri: 'https://app.example/back?a=1', response_type: 'code' }
      const allowed = await ask(provider, path, { ...good, onetap_user: '3' })
      expect(allowed.location).toMatch(/^https:\/\/app\.example\/back\?a=1&code=[^&]+$/)
      expect((await ask(provider, path, good)).location).toBeNull()
      for (const bad of [{ [parameter]: 'x' }, { redirect_uri: 'nowhere' }, { response_type: 'token' }]) {
        expect((await ask(provider, path, { ...good, onetap_user: '3', ...bad })).location, JSON.stringify(bad)).toBeNull()
      }
    },
  )

  it.each([
    ['weibo', '/oauth2/get_token_info', 'GET', 400],
    ['weibo', '/2/users/show.json', 'POST', 400],
    ['qq', '/oauth2.0/me', 'POST', 200],
    ['wechat', '/sns/auth', 'POST', 200],
    ['netease', '/open/oauth2/getUserInfo.do', 'POST', 200],
  ])('%s %s answers %s with its own error', async (provider, path, method, status) => {
    const refused = await ask(provider, path, { access_token: 'x' }, method)
    expect(refused.status).toBe(status)
    expect(refused.text).toMatch(/err/)
  })

  it.each([
    ['a parameter twice', '?access_token=a&access_token=b', {}],
    ['a body that is no form', '', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }],
    [
      'a body without end',
      '',
      { method: 'POST', body: 'x'.repeat(70_000), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
  ])('refuses %s', async (_what, query, init) => {
    for (const [provider, path] of [
      ['weibo', '/2/users/show.json'],
      ['qq', '/oauth2.0/me'],
      ['wechat', '/sns/auth'],
      ['netease', '/open/oauth2/getUserInfo.do'],
    ] as const) {
      const response = await fetch(`${urlOf(provider)}${path}${query}`, init)
      expect(await response.text(), provider).toMatch(/err/)
      expect(response.status).toBeLessThan(500)
    }
  })

  it.each([
    ['/third-party/credentials', {}],
    ['/third-party/credentials', { provider: 'weibo' }],
    ['/third-party/credentials', { provider: 'myspace', user: 1 }],
    ['/third-party/credentials', { provider: 'weibo', user: 1.5 }],
    ['/third-party/credentials', { provider: 'weibo', user: 1, app: 'third' }],
    ['/third-party/credentials', { provider: 'weibo', user: 1, name: 'x' }],
    ['/third-party/revoke', { provider: 'weibo' }],
    ['/third-party/revoke', { provider: 'x', accessToken: 'x' }],
  ])('the control plane refuses %s with %j', async (path, body) => {
    expect((await mocks.control('POST', path, body)).status).toBe(400)
  })

  it('the control plane says that a token to revoke is unknown', async () => {
    expect((await mocks.control('POST', '/third-party/revoke', { provider: 'qq', accessToken: 'x' })).status).toBe(404)
  })
})

describe('codes of Weibo, QQ and NetEase', () => {
  const back = 'https://app.example/back'
  const places = {
    weibo: { authorize: '/oauth2/authorize', token: '/oauth2/access_token', method: 'POST', secret: 'WEIBO_APP_SECRET' },
    qq: { authorize: '/oauth2.0/authorize', token: '/oauth2.0/token', method: 'GET', secret: 'QQ_APP_KEY' },
    netease: {
      authorize: '/open/oauth2/authorize.do',
      token: '/open/oauth2/token.do',
      method: 'POST',
      secret: 'NETEASE_APP_SECRET',
    },
  } as const
  const codeOf = async (provider: keyof typeof places) => {
    const fields = { client_id: appOf(provider), redirect_uri: back, response_type: 'code', state: 's 1', onetap_user: '7' }
    const { searchParams } = new URL((await ask(provider, places[provider].authorize, fields)).location!)
    expect(searchParams.get('state')).toBe('s 1')
    return searchParams.get('code')!
  }
  const exchanged = (provider: keyof typeof places, code: string, change: Record<string, string> = {}) => {
    const { token, method, secret } = places[provider]
    const client = { client_id: appOf(provider), client_secret: mocks.ready.environment[secret]! }
    const fields = { ...client, grant_type: 'authorization_code', code, redirect_uri: back, fmt: 'json', ...change }
    return ask(provider, token, fields, method)
  }

  it.each([
    ['weibo', 21325],
    ['qq', 100020],
    ['netease', 'invalid_grant'],
  ] as const)('%s exchanges a code for a token once', async (provider, refusal) => {
    const code = await codeOf(provider)
    const { json } = await exchanged(provider, code)
    expect((await whois[provider](json.access_token)).json.error).toBeUndefined()
    const again = (await exchanged(provider, code)).json
    expect(again.error_code ?? again.error).toBe(refusal)
  })

  it.each([
    ['weibo', { client_secret: 'x' }, 21324],
    ['weibo', { client_id: 'x' }, 21324],
    ['weibo', { grant_type: 'x' }, 21328],
    ['weibo', { code: 'x' }, 21325],
    ['weibo', { redirect_uri: 'https://thief.example/' }, 21322],
    ['qq', { client_secret: 'x' }, 100009],
    ['qq', { client_id: 'x' }, 100008],
    ['qq', { grant_type: 'x' }, 100004],
    ['qq', { code: 'x' }, 100019],
    ['qq', { redirect_uri: 'https://thief.example/' }, 100010],
    ['netease', { client_secret: 'x' }, 'invalid_client'],
    ['netease', { client_id: 'x' }, 'invalid_client'],
    ['netease', { grant_type: 'x' }, 'unsupported_grant_type'],
    ['netease', { code: 'x' }, 'invalid_grant'],
    ['netease', { redirect_uri: 'https://thief.example/' }, 'redirect_uri_mismatch'],
  ] as const)('%s refuses an exchange with %j, and the code stays good', async (provider, change, refusal) => {
    const code = await codeOf(provider)
    const refused = (await exchanged(provider, code, change)).json
    expect(refused.error_code ?? refused.error).toBe(refusal)
    expect((await exchanged(provider, code)).json.access_token).toEqual(expect.any(String))
  })

  it('QQ answers a form when JSON is not asked for', async () => {
    const { text } = await exchanged('qq', await codeOf('qq'), { fmt: '' })
    expect(Object.fromEntries(new URLSearchParams(text))).toEqual({
      access_token: expect.stringMatching(/^[0-9A-F]{32}$/),
      expires_in: String(90 * 86_400),
      refresh_token: expect.any(String),
    })
  })
})
