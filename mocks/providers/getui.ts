import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { companionOf } from '../wire/companion.ts'
import { type GetuiApp, getPhoneNumber } from '../wire/getui.ts'

const facts: readonly Fact[] = [
  { about: 'paths of v1 and v2, JSON fields, both signs, reply envelope', mark: 'confirmed', source: '[S40][S41][S42]' },
  { about: 'v2 pn: AES-128-CBC hex, key from masterSecret, IV of ASCII zeros', mark: 'confirmed', source: '[S40]' },
  { about: 'the token is not signed', mark: 'confirmed', source: 'by the formulas of [S40][S41]' },
  { about: 'code list', mark: 'confirmed', source: '[S39]' },
  {
    about: 'errors come with errno 0, HTTP 200 and the code in data.result',
    mark: 'assumed',
    source: 'only success is shown',
  },
  {
    about: 'which code is for which trouble; 40026 for a bad sign',
    mark: 'assumed',
    source: '40026, 40044 and 60008 all mean it',
  },
  { about: 'v1 without a sign is refused', mark: 'assumed', source: 'the vendor’s own sample sends none; switchable' },
  {
    about: 'timestamp in seconds or milliseconds, 5 minutes off at most',
    mark: 'assumed',
    source: 'clients differ, window not found',
  },
  { about: 'gyuid must be there and is not compared', mark: 'assumed', source: 'not said' },
  { about: 'token has the carrier’s shape', mark: 'confirmed', source: 'nm… in the iOS sample [S39]' },
  { about: 'tokens: 2, 30, 10 minutes, once', mark: 'assumed', source: 'nothing of Getui’s own; as the carriers’' },
]

export default defineProvider({
  id: 'getui',
  about: 'Getui GeYan: gy_get_pn v1 (number in the clear) and v2 (AES), SHA-256 over time and secrets but not the token.',
  facts,
  assumptions: { 'unsigned-v1': ['refused', 'accepted'], 'bad-sign': ['40026', '40044', '60008'] },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = [0, 1].map((appIndex): GetuiApp => {
    const [appId, appKey, appSecret, masterSecret] = Array.from({ length: 4 }, () => randomBytes(11).toString('hex'))
    return {
      appId: appId ?? '',
      appIndex,
      appKey: appKey ?? '',
      appSecret: appSecret ?? '',
      masterSecret: masterSecret ?? '',
    }
  })
  const byId = new Map(apps.map(app => [app.appId, app]))
  const gyuid = companionOf(ports.seed, 'getui gyuid')
  const [first] = apps
  return {
    provider: 'getui',
    apps,
    operations: [getPhoneNumber('v1', byId, ports), getPhoneNumber('v2', byId, ports)],
    extra: ({ tokenIndex }) => ({ gyuid: gyuid(tokenIndex) }),
    environment: url =>
      first === undefined
        ? {}
        : {
            GETUI_URL: url,
            GETUI_APP_ID: first.appId,
            GETUI_APP_KEY: first.appKey,
            GETUI_APP_SECRET: first.appSecret,
            GETUI_MASTER_SECRET: first.masterSecret,
          },
  }
}
