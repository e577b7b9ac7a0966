import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { REFUSAL_STATUS, refusingAsAssumed } from '../refusing.ts'
import { OPERATOR_NAMES } from '../wire/aggregated-operator.ts'
import { companionOf } from '../wire/companion.ts'
import { type MobTechApp, sdkClientFreeLogin } from '../wire/mobtech.ts'
import { TIME_WINDOWS } from '../wire/timely.ts'

const facts: readonly Fact[] = [
  { about: 'path, JSON fields, MD5 sign over the fields in name order', mark: 'confirmed', source: '[S32]-[S36]' },
  {
    about: 'timestamp in seconds and in milliseconds',
    mark: 'confirmed',
    source: 'document and vendor’s demo differ; both are taken',
  },
  { about: 'res: DES-CBC base64 of {"isValid","phone","valid"}', mark: 'confirmed', source: 'the vendor’s sample opens so' },
  { about: 'codes 4119310, 4119311, 4119330, 4119342, 4119343, 5119501, 5119511', mark: 'confirmed', source: '[S34]' },
  {
    about: '4119310 for a used, expired or unknown token, 4119311 for another app’s',
    mark: 'assumed',
    switch: 'dead-token',
    source: 'the list names no cause',
  },
  {
    about: 'the timestamp may be off by 5 minutes',
    mark: 'assumed',
    switch: 'time-window',
    source: 'the code exists, the window was not found',
  },
  { about: 'token and opToken belong together', mark: 'assumed', switch: 'token-pair', source: 'not said' },
  { about: 'opToken has the carrier’s shape', mark: 'confirmed', source: 'STsid… in the vendor’s sample' },
  { about: 'the appkey header is optional', mark: 'assumed', switch: 'appkey-header', source: 'newer articles want it' },
  { about: 'errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'HTTP status not found' },
  {
    about: 'tokens: 2, 30, 10 minutes',
    mark: 'assumed',
    switch: 'lifetimes',
    source: 'nothing of MobTech’s own; as the carriers’',
  },
  { about: 'AES, RSA and the local-number check', mark: 'left-out', source: 'not found' },
]

export default defineProvider({
  id: 'mobtech',
  about: 'MobTech SecVerify: sdkClientFreeLogin, MD5 over all fields, the number under DES.',
  facts,
  assumptions: {
    'dead-token': ['4119310', '4119302'],
    'time-window': TIME_WINDOWS,
    'token-pair': ['checked', 'unchecked'],
    'appkey-header': ['optional', 'required'],
    'http-status': REFUSAL_STATUS,
  },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = [0, 1].map(
    (appIndex): MobTechApp => ({
      appId: `2f${randomBytes(5).toString('hex')}`,
      appIndex,
      appSecret: randomBytes(16).toString('hex'),
    }),
  )
  const byId = new Map(apps.map(app => [app.appId, app]))
  const clientToken = companionOf(ports.seed, 'mobtech token')
  const [first] = apps
  return {
    provider: 'mobtech',
    apps,
    operations: [refusingAsAssumed(sdkClientFreeLogin(byId, ports), ports)],
    extra: ({ carrier, tokenIndex }) => ({ token: clientToken(tokenIndex), operator: OPERATOR_NAMES[carrier] }),
    environment: url =>
      first === undefined ? {} : { MOBTECH_URL: url, MOBTECH_APP_KEY: first.appId, MOBTECH_APP_SECRET: first.appSecret },
  }
}
