import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { REFUSAL_STATUS, refusingAsAssumed } from '../refusing.ts'
import { companionOf } from '../wire/companion.ts'
import { TIME_WINDOWS } from '../wire/timely.ts'
import { numberCheck, oneclickCheck, type YidunApp } from '../wire/yidun.ts'

const facts: readonly Fact[] = [
  { about: 'paths, form fields, MD5 over sorted names and values', mark: 'confirmed', source: '[S37][S38]' },
  { about: 'nonce has exactly 32 characters', mark: 'confirmed', source: '[S37]' },
  { about: 'businessIds of login and check differ', mark: 'confirmed', source: '[S37]' },
  { about: 'a carrier’s failure: code 200, phone empty, resultCode the carrier’s', mark: 'confirmed', source: '[S38]' },
  { about: 'tokens live 2 minutes with all carriers', mark: 'confirmed', source: '[S37]' },
  { about: 'tokens work once', mark: 'assumed', switch: 'reuse', source: 'not found' },
  { about: 'token and accessToken belong together', mark: 'assumed', switch: 'token-pair', source: 'not found' },
  {
    about: '410 for a bad signature',
    mark: 'assumed',
    switch: 'bad-signature',
    source: 'codes other than 200 are not documented for this product; the vendor’s usual ones',
  },
  { about: 'codes 400, 401, 405, 411, 420, 430, 503', mark: 'ours', source: 'none is documented for this product' },
  { about: 'errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'HTTP status not found' },
  { about: 'timestamp may be off by 5 minutes', mark: 'assumed', switch: 'time-window', source: 'window not found' },
  {
    about: 'nonces are remembered for 10 minutes and refused',
    mark: 'assumed',
    switch: 'repeated-nonce',
    source: 'documented as anti-replay, time and code not found',
  },
  { about: 'a dead token makes the check answer 3', mark: 'assumed', switch: 'dead-check-token', source: '3 is "cannot tell"' },
]

export default defineProvider({
  id: 'yidun',
  about: 'NetEase Yidun: oneclick/check and check, MD5 with nonce, the number in the clear, carrier failures inside a success.',
  facts,
  assumptions: {
    'token-pair': ['checked', 'unchecked'],
    'bad-signature': ['410', '401'],
    'http-status': REFUSAL_STATUS,
    'time-window': TIME_WINDOWS,
    'repeated-nonce': ['refused', 'accepted'],
    'dead-check-token': ['3', '2'],
  },
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
    operations: [oneclickCheck(desk), numberCheck(desk)].map(one => refusingAsAssumed(one, ports)),
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
