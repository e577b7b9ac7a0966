import { defineProvider, type Fact } from '../dialect.ts'
import { openIdentity } from '../identity/open-identity.ts'
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
    source: 'agreed with the backend’s side; without it no audience can be checked',
  },
  {
    about: 'errors are {error, error_description} with HTTP 200; invalid_client is quoted',
    mark: 'assumed',
    source: 'only the authorize error is quoted',
  },
  { about: 'userId is the same for every app', mark: 'assumed', source: 'it is the passport’s own number' },
  {
    about: 'a wrong client at authorize is answered, not redirected',
    mark: 'assumed',
    source: 'the source redirects with error=invalid_client',
  },
  { about: 'codes live 10 minutes and work once', mark: 'assumed', source: 'no lifetime found' },
  { about: 'onetap_user at authorize says who agrees', mark: 'ours', source: 'stands for the person at the consent page' },
]

export default defineProvider({
  id: 'netease',
  about: 'NetEase passport login: authorize.do, token.do and getUserInfo.do, for two apps.',
  facts,
  open: async ports =>
    openIdentity(
      {
        provider: 'netease',
        style: {
          openId: (words, user) => String(100_000_000 + ((words.number(100_000_000, 'shift') + user) % 4_000_000_000)),
          accessToken: (words, serial) => words.hex(32, 'access', serial),
          code: (words, serial) => words.hex(32, 'code', serial),
          accessLifeMs: 5_184_000_000,
          codeLifeMs: 600_000,
        },
        appId: (words, appIndex) => words.hex(24, 'app', appIndex),
        operations: neteaseOperations,
        environment: (url, app) => ({ NETEASE_URL: url, NETEASE_APP_KEY: app.appId, NETEASE_APP_SECRET: app.secret }),
      },
      ports,
    ),
})
