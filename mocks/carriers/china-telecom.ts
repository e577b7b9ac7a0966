import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { sdkcodeinfo, type TelecomApp } from '../wire/china-telecom-exchange.ts'
import { pkcs8Base64, rsaPair } from '../wire/rsa.ts'
import { xxteaKey } from '../wire/xxtea.ts'

const facts: readonly Fact[] = [
  { about: 'path, POST or GET, field names, what is signed, SHA1withRSA', mark: 'confirmed', source: '[S11]' },
  { about: 'params: XXTEA of accessCode and authCode in any order, lower-case hex', mark: 'confirmed', source: '[S11][S12]' },
  { about: 'sign: upper-case hex in the sample; either case is taken', mark: 'assumed', source: '[S12] shows one sample' },
  {
    about: 'XXTEA: appended length word; appSecret cut or zero-padded to 16 bytes',
    mark: 'assumed',
    source: 'sizes fit, rule not found',
  },
  { about: 'data: RSA with the partner’s public key', mark: 'confirmed', source: '[S11]' },
  {
    about: 'data: PKCS#1 v1.5, upper-case hex, JSON {"mobile","state"}, state empty',
    mark: 'assumed',
    source: 'padding and layout not found',
  },
  {
    about: 'codes 0, -20005, -20006, -20102, -30001, -99999, 51002, 51207, 51208',
    mark: 'confirmed',
    source: '[S58], a list of another cloud',
  },
  { about: 'which of these sdkcodeinfo.do returns', mark: 'assumed', source: 'not on the stored page' },
  {
    about: '51114 for an unknown, expired or used accessCode, and for a wrong authCode',
    mark: 'assumed',
    source: '"cannot get the number"',
  },
  { about: 'timeStamp may be off by 5 minutes', mark: 'assumed', source: 'the code exists, the window was not found' },
  { about: 'order of checks: form, app, time, signature, params, token', mark: 'assumed', source: 'no document orders them' },
]

export default defineProvider({
  id: 'china-telecom',
  about: 'China Telecom (Tianyi account): sdkcodeinfo.do with XXTEA parameters and an authCode beside the token.',
  facts,
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = await Promise.all(
    ['8000000001', '8000000002'].map(async (appId, appIndex): Promise<TelecomApp> => {
      const appSecret = randomBytes(16).toString('hex')
      return { appId, appIndex, appSecret, teaKey: xxteaKey(appSecret), partner: await rsaPair() }
    }),
  )
  const byId = new Map(apps.map(app => [app.appId, app]))
  const [first] = apps
  return {
    provider: 'china-telecom',
    apps,
    operations: [sdkcodeinfo(byId, ports)],
    environment: url =>
      first === undefined
        ? {}
        : {
            CTCC_URL: url,
            CTCC_APP_ID: first.appId,
            CTCC_APP_SECRET: first.appSecret,
            CTCC_PRIVATE_KEY: pkcs8Base64(first.partner.privateKey),
          },
  }
}
