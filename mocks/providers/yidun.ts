import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { companionOf } from '../wire/companion.ts'
import { numberCheck, oneclickCheck, type YidunApp } from '../wire/yidun.ts'

const facts: readonly Fact[] = [
  { about: 'paths, form fields, MD5 over sorted names and values', mark: 'confirmed', source: '[S37][S38]' },
  { about: 'nonce has exactly 32 characters', mark: 'confirmed', source: '[S37]' },
  { about: 'businessIds of login and check differ', mark: 'confirmed', source: '[S37]' },
  { about: 'a carrier’s failure: code 200, phone empty, resultCode the carrier’s', mark: 'confirmed', source: '[S38]' },
  { about: 'tokens live 2 minutes with all carriers', mark: 'confirmed', source: '[S37]' },
  { about: 'tokens work once; token and accessToken belong together', mark: 'assumed', source: 'not found' },
  { about: 'codes 400, 401, 405, 410, 411, 420, 430, 503', mark: 'assumed', source: 'codes other than 200 not found' },
  {
    about: 'timestamp may be off by 5 minutes; nonces are remembered for 10',
    mark: 'assumed',
    source: 'window not found',
  },
  { about: 'a dead token makes the check answer 3', mark: 'assumed', source: '3 is "cannot tell"' },
]

export default defineProvider({
  id: 'yidun',
  about: 'NetEase Yidun: oneclick/check and check, MD5 with nonce, the number in the clear, carrier failures inside a success.',
  facts,
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = [0, 1].map((appIndex): YidunApp => {
    const [appId, checkBusinessId, secretId, secretKey] = Array.from({ length: 4 }, () => randomBytes(16).toString('hex'))
    return {
      appId: appId ?? '',
      appIndex,
      checkBusinessId: checkBusinessId ?? '',
      secretId: secretId ?? '',
      secretKey: secretKey ?? '',
    }
  })
  const clientToken = companionOf(ports.seed, 'yidun token')
  const desk = { apps, clientToken, ports }
  const [first] = apps
  return {
    provider: 'yidun',
    apps,
    operations: [oneclickCheck(desk), numberCheck(desk)],
    extra: ({ tokenIndex }) => ({ token: clientToken(tokenIndex) }),
    environment: url =>
      first === undefined
        ? {}
        : {
            YIDUN_URL: url,
            YIDUN_SECRET_ID: first.secretId,
            YIDUN_SECRET_KEY: first.secretKey,
            YIDUN_BUSINESS_ID: first.appId,
            YIDUN_CHECK_BUSINESS_ID: first.checkBusinessId,
          },
  }
}
