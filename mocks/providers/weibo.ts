import { defineProvider, type Fact } from '../dialect.ts'
import { CODE_LIVES, codeLifeMs, openIdentity } from '../identity/open-identity.ts'
import { weiboOperations } from '../wire/weibo.ts'

const facts: readonly Fact[] = [
  {
    about: 'get_token_info: POST, access_token; uid, appkey, scope, create_at, expire_in',
    mark: 'confirmed',
    source: 'open.weibo.com, Oauth2/get_token_info',
  },
  {
    about: 'errors 21322 to 21332 with error, error_code, request',
    mark: 'confirmed',
    source: 'vendor’s table of OAuth 2.0 errors',
  },
  {
    about: 'uid is the account’s own number, the same for every app; no union id',
    mark: 'ours',
    source: 'no page says otherwise',
  },
  {
    about: 'expired gives 21327, unknown and revoked 21332',
    mark: 'assumed',
    switch: 'expired-token',
    source: 'the table names no cause for 21332',
  },
  { about: 'errors come with HTTP 400', mark: 'assumed', switch: 'error-status', source: 'the table names no HTTP status' },
  { about: 'tokens live about five years (157,679,999 s)', mark: 'confirmed', source: 'vendor’s example of get_token_info' },
  { about: 'codes live 10 minutes and work once', mark: 'assumed', switch: 'code-life', source: 'no lifetime found' },
  {
    about: 'users/show answers for any uid with any living token',
    mark: 'assumed',
    switch: 'foreign-uid',
    source: 'the interface takes both',
  },
  { about: 'onetap_user at authorize says who agrees', mark: 'ours', source: 'stands for the person at the consent page' },
]

const assumptions = {
  'expired-token': ['21327', '21332'],
  'error-status': ['400', '403'],
  'code-life': CODE_LIVES,
  'foreign-uid': ['answered', 'refused'],
} as const

export default defineProvider({
  id: 'weibo',
  about: 'Weibo login: authorize, access_token, get_token_info, users/show and revokeoauth2, for two apps.',
  facts,
  assumptions,
  open: async ports =>
    openIdentity(
      {
        assumptions,
        provider: 'weibo',
        style: {
          openId: (words, user) => String(1_000_000_000 + ((words.number(1_000_000_000, 'shift') + user) % 6_000_000_000)),
          accessToken: (words, serial) => `2.00${words.word(28, 'access', serial)}`,
          code: (words, serial) => words.hex(32, 'code', serial),
          accessLifeMs: 157_679_999_000,
          codeLifeMs: () => codeLifeMs(ports),
        },
        appId: (words, appIndex) => String(1_000_000_000 + words.number(3_000_000_000, 'app', appIndex)),
        operations: weiboOperations,
        environment: (url, app) => ({ WEIBO_URL: url, WEIBO_APP_KEY: app.appId, WEIBO_APP_SECRET: app.secret }),
      },
      ports,
    ),
})
