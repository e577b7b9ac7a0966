import { defineProvider, type Fact } from '../dialect.ts'
import { openIdentity } from '../identity/open-identity.ts'
import { wechatOperations } from '../wire/wechat.ts'

const SOURCE = 'WeChat Open Platform, authorized interface calling'

const facts: readonly Fact[] = [
  { about: 'access_token: appid, secret, code, grant_type; fields of the answer', mark: 'confirmed', source: SOURCE },
  { about: 'errors are {errcode, errmsg}; 40029 for a code that is not valid', mark: 'confirmed', source: SOURCE },
  { about: '40163 for a code that was used', mark: 'confirmed', source: 'seen in public code that quotes the answer' },
  { about: 'access tokens live 2 hours, refresh tokens 30 days', mark: 'confirmed', source: SOURCE },
  {
    about: 'refresh while the access token lives keeps that token',
    mark: 'confirmed',
    source: `${SOURCE}; not imitated: a new one is given`,
  },
  {
    about: 'sns/auth and sns/userinfo check token against openid, not against an app',
    mark: 'assumed',
    source: `${SOURCE}; widely described, page not re-read`,
  },
  {
    about: 'openid differs by app, unionid is the same for one developer',
    mark: 'assumed',
    source: `${SOURCE}; widely described, page not re-read`,
  },
  { about: 'errors come with HTTP 200 and type text/plain', mark: 'assumed', source: 'as seen; not stated' },
  {
    about: 'codes 40001, 40002, 40003, 40013, 40030, 40125, 41001 to 41009, 42001, 43001',
    mark: 'assumed',
    source: 'global return codes, not re-read',
  },
  { about: 'codes live 10 minutes', mark: 'assumed', source: 'pages say 5 or 10' },
  { about: 'an app’s secret is not needed to refresh', mark: 'confirmed', source: SOURCE },
  { about: 'onetap_user at qrconnect says who agrees', mark: 'ours', source: 'stands for the person at the consent page' },
]

export default defineProvider({
  id: 'wechat',
  about:
    'WeChat login: qrconnect, sns/oauth2/access_token and refresh_token, sns/auth, sns/userinfo, for two apps of one developer.',
  facts,
  open: async ports =>
    openIdentity(
      {
        provider: 'wechat',
        style: {
          openId: (words, user, appIndex) => `o${words.word(27, 'openid', appIndex, user)}`,
          unionId: (words, user) => `o${words.word(27, 'union', user)}`,
          accessToken: (words, serial) => `${10 + (serial % 90)}_${words.word(43, 'a', serial)}${words.word(42, 'b', serial)}`,
          code: (words, serial) => `0${words.hex(31, 'code', serial)}`,
          accessLifeMs: 7_200_000,
          codeLifeMs: 600_000,
          refreshLifeMs: 30 * 86_400_000,
        },
        appId: (words, appIndex) => `wx${words.hex(16, 'app', appIndex)}`,
        operations: wechatOperations,
        environment: (url, app) => ({ WECHAT_URL: url, WECHAT_APP_ID: app.appId, WECHAT_APP_SECRET: app.secret }),
      },
      ports,
    ),
})
