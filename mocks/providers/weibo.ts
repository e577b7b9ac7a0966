import { defineProvider, type Fact } from '../dialect.ts'
import { openIdentity } from '../identity/open-identity.ts'
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
  { about: 'uid is the same for every app; there is no union id', mark: 'assumed', source: 'uid is the account’s own number' },
  {
    about: 'expired gives 21327; unknown and revoked give 21332; all HTTP 400',
    mark: 'assumed',
    source: 'table names no HTTP status',
  },
  { about: 'tokens live about five years (157,679,999 s)', mark: 'confirmed', source: 'vendor’s example of get_token_info' },
  { about: 'codes live 10 minutes and work once', mark: 'assumed', source: 'no lifetime found' },
  { about: 'users/show answers for any uid with any living token', mark: 'assumed', source: 'the interface takes both' },
  { about: 'onetap_user at authorize says who agrees', mark: 'ours', source: 'stands for the person at the consent page' },
]

const MINUTE_MS = 60_000

export default defineProvider({
  id: 'weibo',
  about: 'Weibo login: authorize, access_token, get_token_info, users/show and revokeoauth2, for two apps.',
  facts,
  open: async ports =>
    openIdentity(
      {
        provider: 'weibo',
        style: {
          openId: (words, user) => String(1_000_000_000 + ((words.number(1_000_000_000, 'shift') + user) % 6_000_000_000)),
          accessToken: (words, serial) => `2.00${words.word(28, 'access', serial)}`,
          code: (words, serial) => words.hex(32, 'code', serial),
          accessLifeMs: 157_679_999_000,
          codeLifeMs: 10 * MINUTE_MS,
        },
        appId: (words, appIndex) => String(1_000_000_000 + words.number(3_000_000_000, 'app', appIndex)),
        operations: weiboOperations,
        environment: (url, app) => ({ WEIBO_URL: url, WEIBO_APP_KEY: app.appId, WEIBO_APP_SECRET: app.secret }),
      },
      ports,
    ),
})
