import { hash, randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { PHONE_ASSUMPTIONS, PHONE_FACTS } from '../phones.ts'
import { REFUSAL_STATUS, refusingAsAssumed } from '../refusing.ts'
import { h5codeinfo, sdkcodeinfo, type TelecomApp } from '../wire/china-telecom-exchange.ts'
import { pkcs8Base64, rsaPair } from '../wire/rsa.ts'
import { xxteaKey, xxteaKeyOfBytes } from '../wire/xxtea.ts'

const facts: readonly Fact[] = [
  { about: 'path, POST or GET, field names, what is signed, SHA1withRSA', mark: 'confirmed', source: '[S11]' },
  { about: 'params: XXTEA of accessCode and authCode in any order, lower-case hex', mark: 'confirmed', source: '[S11][S12]' },
  { about: 'h5codeinfo.do: accessCode beside params, no authCode', mark: 'confirmed', source: '[S12], one request' },
  {
    about: 'sign: upper-case hex in the sample; either case is taken',
    mark: 'assumed',
    switch: 'sign-case',
    source: '[S12] shows one sample',
  },
  {
    about: 'XXTEA with an appended length word; appSecret cut or zero-padded to 16 bytes',
    mark: 'assumed',
    switch: 'xxtea-key',
    source: 'sizes fit, rule not found',
  },
  { about: 'data: RSA with the partner’s public key', mark: 'confirmed', source: '[S11]' },
  { about: 'data: upper-case hex', mark: 'assumed', switch: 'data-encoding', source: 'not found; as the sign is written' },
  {
    about: 'data: PKCS#1 v1.5 of JSON {"mobile","state"}, state empty',
    mark: 'assumed',
    switch: 'data-layout',
    source: 'the two names are confirmed, the layout is not',
  },
  {
    about: 'codes 0, -10004, -10008, -20005, -20006, -20102, -30001, -99999, 51002, 51114, 51207, 51208',
    mark: 'confirmed',
    source: '[S58], a list of another cloud',
  },
  {
    about: 'which of these sdkcodeinfo.do returns',
    mark: 'assumed',
    switch: 'failure-codes',
    source: 'not on the stored page',
  },
  {
    about: '51114 for an unknown, expired or used accessCode, and for a wrong authCode',
    mark: 'assumed',
    switch: 'dead-token',
    source: '"cannot get the number"; the list also has "time expired"',
  },
  {
    about: 'timeStamp may be off by 5 minutes',
    mark: 'assumed',
    switch: 'time-window',
    source: 'the code exists, the window was not found',
  },
  {
    about: 'order of checks: form, app, time, signature, params, token',
    mark: 'assumed',
    switch: 'check-order',
    source: 'no document orders them',
  },
  { about: 'errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'not found' },
  {
    about: 'tokens live 10 minutes, number-check codes one',
    mark: 'assumed',
    switch: 'lifetimes',
    source: '[S17][S29] say 10, Jiguang 30 minutes or 30 days',
  },
  { about: 'number check verifyMobile.do', mark: 'left-out', source: 'name and billing are known, fields are not' },
  { about: 'envelope of paramKey and paramStr', mark: 'left-out', source: 'seen between phone and carrier only' },
  ...PHONE_FACTS,
]

export default defineProvider({
  id: 'china-telecom',
  about:
    'China Telecom (Tianyi account): sdkcodeinfo.do with XXTEA parameters and an authCode beside the token, and its H5 sister.',
  facts,
  assumptions: {
    ...PHONE_ASSUMPTIONS,
    'sign-case': ['either', 'upper'],
    'xxtea-key': ['cut-or-pad', 'md5'],
    'data-encoding': ['upper-hex', 'base64'],
    'data-layout': ['json', 'form'],
    'failure-codes': ['listed', '-10001'],
    'dead-token': ['51114', '-10009'],
    'time-window': ['5-minutes', '15-minutes', 'none'],
    'check-order': ['time-first', 'signature-first'],
    'http-status': REFUSAL_STATUS,
  },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = await Promise.all(
    ['8000000001', '8000000002'].map(async (appId, appIndex): Promise<TelecomApp> => {
      const appSecret = randomBytes(16).toString('hex')
      return { appId, appIndex, appSecret, teaKeys: teaKeysOf(appSecret), partner: await rsaPair() }
    }),
  )
  const byId = new Map(apps.map(app => [app.appId, app]))
  const [first] = apps
  return {
    provider: 'china-telecom',
    apps,
    operations: [sdkcodeinfo(byId, ports), h5codeinfo(byId, ports)].map(operation => refusingAsAssumed(operation, ports)),
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

function teaKeysOf(appSecret: string): TelecomApp['teaKeys'] {
  return { 'cut-or-pad': xxteaKey(appSecret), md5: xxteaKeyOfBytes(hash('md5', appSecret, 'buffer')) }
}
