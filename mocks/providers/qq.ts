import { defineProvider, type Fact } from '../dialect.ts'
import { CODE_LIVES, codeLifeMs, openIdentity } from '../identity/open-identity.ts'
import { REFUSAL_STATUS } from '../refusing.ts'
import { qqOperations } from '../wire/qq.ts'

const facts: readonly Fact[] = [
  { about: 'me: access_token, unionid=1, fmt=json or callback( … );', mark: 'confirmed', source: 'wiki.connect.qq.com, UnionID' },
  { about: 'me: error 100016 with error_description', mark: 'confirmed', source: 'wiki.connect.qq.com, UnionID' },
  { about: 'the union id is the same for all apps of one developer', mark: 'confirmed', source: 'wiki.connect.qq.com, UnionID' },
  { about: 'codes 100000 to 100031', mark: 'confirmed', source: 'vendor’s list of public return codes' },
  { about: 'descriptions of the codes other than 100016', mark: 'ours', source: 'listed in Chinese only' },
  {
    about: 'an access token lives 90 days',
    mark: 'confirmed',
    source: 'list of return codes: three months; other pages say 60 or 30',
  },
  {
    about: 'errors come with HTTP 200',
    mark: 'assumed',
    switch: 'http-status',
    source: 'the error example is a page’s callback',
  },
  { about: 'expired, revoked and unknown tokens all give 100016 at me', mark: 'confirmed', source: 'wiki: expired or wrong' },
  {
    about: 'get_user_info: ret -23 for a dead token',
    mark: 'assumed',
    switch: 'dead-token-at-user-info',
    source: 'vendor’s page not read; the list of codes has 100013 and 100014 for it',
  },
  { about: 'get_user_info: ret -22 for another person’s openid', mark: 'ours', source: 'vendor’s page not read' },
  {
    about: 'openid: 32 upper-case hex; unionid: UID_ and 32 hex',
    mark: 'ours',
    source: 'opaque to a backend; as seen in the wild',
  },
  { about: 'a code works once (100020)', mark: 'confirmed', source: 'vendor’s list of public return codes' },
  { about: 'codes live 10 minutes', mark: 'assumed', switch: 'code-life', source: 'lifetime not found' },
  { about: 'system error 100021', mark: 'ours', source: 'list: getting the access token failed' },
  { about: 'onetap_user at authorize says who agrees', mark: 'ours', source: 'stands for the person at the consent page' },
]

const assumptions = {
  'http-status': REFUSAL_STATUS,
  'dead-token-at-user-info': ['-23', '100013'],
  'code-life': CODE_LIVES,
} as const

export default defineProvider({
  id: 'qq',
  about: 'QQ login: authorize, token, me (JSON and callback form) and get_user_info, for two apps of one developer.',
  facts,
  assumptions,
  open: async ports =>
    openIdentity(
      {
        assumptions,
        provider: 'qq',
        style: {
          openId: (words, user, appIndex) => words.hex(32, 'openid', appIndex, user).toUpperCase(),
          unionId: (words, user) => `UID_${words.hex(32, 'union', user).toUpperCase()}`,
          accessToken: (words, serial) => words.hex(32, 'access', serial).toUpperCase(),
          code: (words, serial) => words.hex(32, 'code', serial).toUpperCase(),
          accessLifeMs: 90 * 86_400_000,
          codeLifeMs: () => codeLifeMs(ports),
        },
        appId: (words, appIndex) => String(101_000_000 + words.number(1_000_000, 'app', appIndex)),
        operations: qqOperations,
        environment: (url, app) => ({ QQ_URL: url, QQ_APP_ID: app.appId, QQ_APP_KEY: app.secret }),
      },
      ports,
    ),
})
