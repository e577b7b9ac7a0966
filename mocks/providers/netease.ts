import { defineProvider, type Fact } from '../dialect.ts'
import { CODE_LIVES, codeLifeMs, openIdentity } from '../identity/open-identity.ts'
import { REFUSAL_STATUS } from '../refusing.ts'
import { neteaseOperations } from '../wire/netease.ts'

const SOURCE = 'reg.163.com/help/help_oauth2.html, as quoted in public code'

const facts: readonly Fact[] = [
  { about: 'three paths, their methods and parameters', mark: 'confirmed', source: SOURCE },
  { about: 'token: expires_in 5184000 (60 days) and access_token, no refresh token', mark: 'confirmed', source: SOURCE },
  { about: 'getUserInfo: username and userId; userId is the stable one', mark: 'confirmed', source: SOURCE },
  { about: 'redirect_uri must be repeated exactly', mark: 'confirmed', source: SOURCE },
  {
    about: 'getUserInfo names the app in appKey',
    mark: 'assumed',
    switch: 'app-key',
    source: 'not quoted; without it no audience can be checked',
  },
  { about: 'errors are {error, error_description}', mark: 'ours', source: 'only the authorize error is quoted' },
  { about: 'errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'not quoted' },
  { about: 'userId is the same for every app', mark: 'ours', source: 'it is the passport’s own number' },
  {
    about: 'a wrong client at authorize is answered, not redirected',
    mark: 'assumed',
    switch: 'wrong-client',
    source: 'the source redirects with error=invalid_client, to whom it does not say',
  },
  { about: 'codes live 10 minutes and work once', mark: 'assumed', switch: 'code-life', source: 'no lifetime found' },
  { about: 'onetap_user at authorize says who agrees', mark: 'ours', source: 'stands for the person at the consent page' },
]

const assumptions = {
  'app-key': ['named', 'absent'],
  'http-status': REFUSAL_STATUS,
  'wrong-client': ['answered', 'redirected'],
  'code-life': CODE_LIVES,
} as const

export default defineProvider({
  id: 'netease',
  about: 'NetEase passport login: authorize.do, token.do and getUserInfo.do, for two apps.',
  facts,
  assumptions,
  open: async ports =>
    openIdentity(
      {
        assumptions,
        provider: 'netease',
        style: {
          openId: (words, user) => String(100_000_000 + ((words.number(100_000_000, 'shift') + user) % 4_000_000_000)),
          accessToken: (words, serial) => words.hex(32, 'access', serial),
          code: (words, serial) => words.hex(32, 'code', serial),
          accessLifeMs: 5_184_000_000,
          codeLifeMs: () => codeLifeMs(ports),
        },
        appId: (words, appIndex) => words.hex(24, 'app', appIndex),
        operations: neteaseOperations,
        environment: (url, app) => ({ NETEASE_URL: url, NETEASE_APP_KEY: app.appId, NETEASE_APP_SECRET: app.secret }),
      },
      ports,
    ),
})
