import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { REFUSAL_STATUS, refusingAsAssumed } from '../refusing.ts'
import { companionOf } from '../wire/companion.ts'
import { type GetuiApp, getPhoneNumber } from '../wire/getui.ts'
import { TIME_WINDOWS } from '../wire/timely.ts'

const facts: readonly Fact[] = [
  { about: 'paths of v1 and v2, JSON fields, both signs, reply envelope', mark: 'confirmed', source: '[S40][S41][S42]' },
  { about: 'v2 pn: AES-128-CBC hex, key from masterSecret, IV of ASCII zeros', mark: 'confirmed', source: '[S40]' },
  { about: 'the token is not signed', mark: 'confirmed', source: 'by the formulas of [S40][S41]' },
  { about: 'code list', mark: 'confirmed', source: '[S39]' },
  {
    about: 'errors come with errno 0 and the code in data.result',
    mark: 'assumed',
    switch: 'errno',
    source: 'only success is shown',
  },
  { about: 'errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'only success is shown' },
  { about: '40026 for a bad sign', mark: 'assumed', switch: 'bad-sign', source: '40026, 40044 and 60008 all mean it' },
  { about: '40041 for an expired token', mark: 'assumed', switch: 'expired-token', source: '40041 and 40050 both mean it' },
  { about: '40040 for any other dead token', mark: 'assumed', switch: 'dead-token', source: '40040 and 40047 may mean it' },
  { about: 'v1 without a sign is refused', mark: 'assumed', switch: 'unsigned-v1', source: 'the vendor’s own sample sends none' },
  {
    about: 'timestamp in seconds or milliseconds, 5 minutes off at most',
    mark: 'assumed',
    switch: 'time-window',
    source: 'clients differ, window not found',
  },
  { about: 'gyuid must be there and is not compared', mark: 'assumed', switch: 'gyuid', source: 'not said' },
  { about: 'token has the carrier’s shape', mark: 'confirmed', source: 'nm… in the iOS sample [S39]' },
  {
    about: 'tokens: 2, 30, 10 minutes, once',
    mark: 'assumed',
    switch: 'lifetimes',
    source: 'nothing of Getui’s own; as the carriers’',
  },
]

export default defineProvider({
  id: 'getui',
  about: 'Getui GeYan: gy_get_pn v1 (number in the clear) and v2 (AES), SHA-256 over time and secrets but not the token.',
  facts,
  assumptions: {
    errno: ['0', 'code'],
    'http-status': REFUSAL_STATUS,
    'bad-sign': ['40026', '40044', '60008'],
    'expired-token': ['40041', '40050'],
    'dead-token': ['40040', '40047'],
    'unsigned-v1': ['refused', 'accepted'],
    'time-window': TIME_WINDOWS,
    gyuid: ['present', 'compared', 'optional'],
  },
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
    operations: (['v1', 'v2'] as const).map(version => refusingAsAssumed(getPhoneNumber(version, byId, ports), ports)),
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
