import { defineProvider, type Fact } from '../dialect.ts'
import { CODE_LIVES, codeLifeMs, openIdentity } from '../identity/open-identity.ts'
import { REFUSAL_STATUS } from '../refusing.ts'
import { wechatOperations } from '../wire/wechat.ts'

const SOURCE = 'WeChat Open Platform, authorized interface calling'

const facts: readonly Fact[] = [
  { about: 'access_token: appid, secret, code, grant_type; fields of the answer', mark: 'confirmed', source: SOURCE },
  { about: 'errors are {errcode, errmsg}; 40029 for a code that is not valid', mark: 'confirmed', source: SOURCE },
  {
    about: '40163 for a code that was used',
    mark: 'assumed',
    switch: 'used-code',
    source: 'seen in public code that quotes the answer; the page has 40029 alone',
  },
  { about: 'access tokens live 2 hours, refresh tokens 30 days', mark: 'confirmed', source: SOURCE },
  { about: 'refresh while the access token lives prolongs that token', mark: 'confirmed', source: SOURCE },
  { about: 'sns/auth and sns/userinfo take access_token and openid, and no app', mark: 'confirmed', source: SOURCE },
  {
    about: 'openid differs by app, unionid is the same for one developer',
    mark: 'confirmed',
    source: 'developers.weixin.qq.com, UnionID',
  },
  { about: 'errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'as seen; not stated' },
  { about: 'answers come as text/plain', mark: 'assumed', switch: 'content-type', source: 'as seen; not stated' },
  {
    about: 'codes -1, 40001 to 40003, 40013, 40029, 40030, 41001, 41002, 42001, 43001',
    mark: 'confirmed',
    source: 'developers.weixin.qq.com, global return codes, and copies of its older form',
  },
  { about: 'codes 40125, 41004, 41008, 41009', mark: 'ours', source: 'global return codes, these lines not re-read' },
  { about: 'codes live 10 minutes', mark: 'assumed', switch: 'code-life', source: 'pages say 5 or 10' },
  { about: 'an app’s secret is not needed to refresh', mark: 'confirmed', source: SOURCE },
  { about: 'onetap_user at qrconnect says who agrees', mark: 'ours', source: 'stands for the person at the consent page' },
]

const assumptions = {
  'used-code': ['40163', '40029'],
  'http-status': REFUSAL_STATUS,
  'content-type': ['text', 'json'],
  'code-life': CODE_LIVES,
} as const

export default defineProvider({
  id: 'wechat',
  about:
    'WeChat login: qrconnect, sns/oauth2/access_token and refresh_token, sns/auth, sns/userinfo, for two apps of one developer.',
  facts,
  assumptions,
  open: async ports =>
    openIdentity(
      {
        assumptions,
        provider: 'wechat',
        style: {
          openId: (words, user, appIndex) => `o${words.word(27, 'openid', appIndex, user)}`,
          unionId: (words, user) => `o${words.word(27, 'union', user)}`,
          accessToken: (words, serial) => `${10 + (serial % 90)}_${words.word(43, 'a', serial)}${words.word(42, 'b', serial)}`,
          code: (words, serial) => `0${words.hex(31, 'code', serial)}`,
          accessLifeMs: 7_200_000,
          codeLifeMs: () => codeLifeMs(ports),
          refreshLifeMs: 30 * 86_400_000,
          refreshProlongs: true,
        },
        appId: (words, appIndex) => `wx${words.hex(16, 'app', appIndex)}`,
        operations: wechatOperations,
        environment: (url, app) => ({ WECHAT_URL: url, WECHAT_APP_ID: app.appId, WECHAT_APP_SECRET: app.secret }),
      },
      ports,
    ),
})
