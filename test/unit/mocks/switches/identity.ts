import type { IdentityProviderId } from '../../../../src/contract/third-party.ts'
import type { ProbeDesk, Probes } from './probe.ts'

const FIVE_YEARS_MS = 157_680_000_000
const MOST_AHEAD_MS = 366 * 86_400_000

interface Given {
  accessToken: string
  code: string
  openId: string
}

const given = async ({ mocks }: ProbeDesk, provider: IdentityProviderId, user = 7): Promise<Given> =>
  (await mocks.control<Given>('POST', '/third-party/credentials', { provider, user, app: 'target' })).body

interface Seen {
  status: number
  type: string
  json: Record<string, unknown>
  location: string | null
}

async function ask(url: string, query: Record<string, string>, method = 'GET'): Promise<Seen> {
  const form = new URLSearchParams(query)
  const response = await (method === 'GET'
    ? fetch(`${url}?${form}`, { redirect: 'manual' })
    : fetch(url, { method, body: form, redirect: 'manual' }))
  const text = await response.text()
  const type = response.headers.get('content-type') ?? ''
  return {
    status: response.status,
    type,
    json: text.startsWith('{') ? JSON.parse(text) : {},
    location: response.headers.get('location'),
  }
}

const exchangeAt: Readonly<Record<IdentityProviderId, (desk: ProbeDesk, code: string) => Promise<Seen>>> = {
  weibo: ({ env }, code) =>
    ask(
      `${env.WEIBO_URL}/oauth2/access_token`,
      { client_id: env.WEIBO_APP_KEY!, client_secret: env.WEIBO_APP_SECRET!, grant_type: 'authorization_code', code },
      'POST',
    ),
  qq: ({ env }, code) =>
    ask(`${env.QQ_URL}/oauth2.0/token`, {
      client_id: env.QQ_APP_ID!,
      client_secret: env.QQ_APP_KEY!,
      grant_type: 'authorization_code',
      fmt: 'json',
      code,
    }),
  wechat: ({ env }, code) =>
    ask(`${env.WECHAT_URL}/sns/oauth2/access_token`, {
      appid: env.WECHAT_APP_ID!,
      secret: env.WECHAT_APP_SECRET!,
      grant_type: 'authorization_code',
      code,
    }),
  netease: ({ env }, code) =>
    ask(
      `${env.NETEASE_URL}/open/oauth2/token.do`,
      { client_id: env.NETEASE_APP_KEY!, client_secret: env.NETEASE_APP_SECRET!, grant_type: 'authorization_code', code },
      'POST',
    ),
}

/** Whether a code still works after six minutes. */
const codeLife = (provider: IdentityProviderId) => async (desk: ProbeDesk) => {
  const { code } = await given(desk, provider)
  await desk.ahead(6 * 60_000)
  return typeof (await exchangeAt[provider](desk, code)).json.access_token
}
const refusedStatus = (provider: IdentityProviderId) => async (desk: ProbeDesk) => (await exchangeAt[provider](desk, 'x')).status

const tokenInfo = ({ env }: ProbeDesk, access_token: string) =>
  ask(`${env.WEIBO_URL}/oauth2/get_token_info`, { access_token }, 'POST')

export const weibo: Probes = {
  'expired-token': async desk => {
    const { accessToken } = await given(desk, 'weibo')
    for (let ahead = 0; ahead < FIVE_YEARS_MS; ahead += MOST_AHEAD_MS) await desk.ahead(MOST_AHEAD_MS)
    return (await tokenInfo(desk, accessToken)).json.error_code
  },
  'error-status': async desk => (await tokenInfo(desk, 'x')).status,
  'code-life': codeLife('weibo'),
  'foreign-uid': async desk => {
    const { accessToken } = await given(desk, 'weibo')
    return (await ask(`${desk.env.WEIBO_URL}/2/users/show.json`, { access_token: accessToken, uid: '123' })).status
  },
}

export const qq: Probes = {
  'http-status': refusedStatus('qq'),
  'dead-token-at-user-info': async ({ env }) =>
    (await ask(`${env.QQ_URL}/user/get_user_info`, { access_token: 'x', oauth_consumer_key: env.QQ_APP_ID!, openid: 'x' })).json
      .ret,
  'code-life': codeLife('qq'),
}

export const wechat: Probes = {
  'used-code': async desk => {
    const { code } = await given(desk, 'wechat')
    await exchangeAt.wechat(desk, code)
    return (await exchangeAt.wechat(desk, code)).json.errcode
  },
  'http-status': refusedStatus('wechat'),
  'content-type': async desk => (await exchangeAt.wechat(desk, 'x')).type,
  'code-life': codeLife('wechat'),
}

export const netease: Probes = {
  'app-key': async desk => {
    const { accessToken } = await given(desk, 'netease')
    return 'appKey' in (await ask(`${desk.env.NETEASE_URL}/open/oauth2/getUserInfo.do`, { access_token: accessToken })).json
  },
  'http-status': refusedStatus('netease'),
  'wrong-client': async ({ env }) => {
    const asked = { client_id: 'nobody', redirect_uri: 'https://app.example/back', response_type: 'code' }
    return (await ask(`${env.NETEASE_URL}/open/oauth2/authorize.do`, asked)).location
  },
  'code-life': codeLife('netease'),
}
