import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { PHONE_ASSUMPTIONS, PHONE_FACTS } from '../phones.ts'
import { REFUSAL_STATUS, refusingAsAssumed } from '../refusing.ts'
import { loginTokenValidate } from '../wire/china-mobile-login.ts'
import { tokenValidate } from '../wire/china-mobile-number-check.ts'
import { pkcs8Base64, rsaPair, spkiBase64 } from '../wire/rsa.ts'

/** An app as China Mobile's developer platform knows it. */
export interface ChinaMobileApp {
  appId: string
  appIndex: number
  /** Signs loginTokenValidate in MD5 mode. */
  appSecret: string
  /** Keys tokenValidate; older than the secret. */
  appKey: string
  /** Partner's key pair. Key 1 (checks signatures) and key 2 (encrypts the number) may be equal, and here are. */
  partner: Awaited<ReturnType<typeof rsaPair>>
}

const facts: readonly Fact[] = [
  { about: 'paths, field names, required fields, result codes', mark: 'confirmed', source: '[S1]' },
  { about: 'sign in MD5 mode: 32 upper-case hex, taken to the letter', mark: 'confirmed', source: '[S1]' },
  { about: 'sign in RSA mode: SHA256withRSA over appid + token, hex', mark: 'confirmed', source: '[S1]' },
  { about: 'msisdn in RSA mode: hex', mark: 'confirmed', source: '[S7], an open-source client' },
  { about: 'msisdn in RSA mode: PKCS#1 v1.5', mark: 'assumed', switch: 'rsa-padding', source: 'padding not stated' },
  { about: 'business errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'HTTP status not found' },
  { about: 'times are Beijing time', mark: 'assumed', switch: 'time-zone', source: 'stated for the SMS endpoints only' },
  { about: 'expired, unknown and used tokens all give 104201', mark: 'confirmed', source: '[S1][S4]' },
  { about: 'wrong content type, no JSON, a value that is no string: 103211', mark: 'confirmed', source: '[S4]' },
  {
    about: 'empty body, wrong method, body over 64 KiB: 103412',
    mark: 'assumed',
    switch: 'unreadable',
    source: '"invalid request"; limit is ours',
  },
  {
    about: 'order of checks: form, app, signature, token',
    mark: 'assumed',
    switch: 'check-order',
    source: 'no document orders them',
  },
  { about: 'injected system error 103413', mark: 'assumed', switch: 'system-error', source: 'legacy table [S3] only' },
  { about: 'injected throttling 103911', mark: 'assumed', switch: 'throttled', source: 'tables of [S3] and [S4]' },
  { about: 'systemtime is not compared with now', mark: 'assumed', switch: 'systemtime', source: 'window not found' },
  {
    about: 'a msgid may come again',
    mark: 'assumed',
    switch: 'repeated-msgid',
    source: 'codes for it in the legacy table [S3] only',
  },
  {
    about: 'no daily quota (1,000 calls without a contract, then 105312)',
    mark: 'assumed',
    switch: 'quota',
    source: 'figure [S6] and code [S1] are confirmed, a contract is assumed',
  },
  { about: 'tokenValidate: fields, both keyTypes, codes', mark: 'confirmed', source: '[S1][S2]' },
  { about: 'tokenValidate, keyType 1: hex', mark: 'assumed', switch: 'check-rsa-encoding', source: 'encoding not found' },
  { about: 'tokenValidate: unknown app 102', mark: 'assumed', switch: 'check-unknown-app', source: '213 is of the SMS part' },
  {
    about: 'tokenValidate: a login token gives 606',
    mark: 'assumed',
    switch: 'check-login-token',
    source: '103420 "no permission" is listed and names no cause',
  },
  { about: 'IP allow-list: 103511 and 124', mark: 'confirmed', source: '[S1]; given only by the fault ip-refused' },
  { about: 'lifetime 2 minutes, at most 30 unused tokens in 10', mark: 'confirmed', source: '[S1][S4]' },
  {
    about: 'SMS assist after 001, capability switches (105019), tokens of other carriers’ phones, H5 tokens',
    mark: 'left-out',
    source: '[S1][S2][S4]',
  },
  ...PHONE_FACTS,
]

export default defineProvider({
  id: 'china-mobile',
  about:
    'China Mobile: loginTokenValidate (MD5 and RSA) and tokenValidate (hash and RSA), as in the carrier’s server document of 2020.',
  facts,
  assumptions: {
    ...PHONE_ASSUMPTIONS,
    'rsa-padding': ['pkcs1', 'oaep'],
    'http-status': REFUSAL_STATUS,
    'time-zone': ['beijing', 'utc'],
    unreadable: ['103412', '103211'],
    'check-order': ['signature-first', 'token-first'],
    'system-error': ['103413', '103205'],
    throttled: ['103911', '105312'],
    systemtime: ['any', 'within-5-minutes'],
    'repeated-msgid': ['accepted', '103107', '103505'],
    quota: ['none', '1000-a-day'],
    'check-rsa-encoding': ['hex', 'base64'],
    'check-unknown-app': ['102', '213'],
    'check-login-token': ['606', '103420'],
  },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const platform = await rsaPair()
  const apps = await Promise.all(
    ['30000001', '30000002'].map(async (appId, appIndex): Promise<ChinaMobileApp> => {
      const [appSecret, appKey] = [randomBytes(16), randomBytes(16)].map(bytes => bytes.toString('hex').toUpperCase())
      return { appId, appIndex, appSecret: appSecret ?? '', appKey: appKey ?? '', partner: await rsaPair() }
    }),
  )
  const byId = new Map(apps.map(app => [app.appId, app]))
  const [first] = apps
  const operations = [loginTokenValidate(byId, ports), tokenValidate(byId, platform, ports)]
  return {
    provider: 'china-mobile',
    apps,
    operations: operations.map(operation => refusingAsAssumed(operation, ports)),
    environment: url =>
      first === undefined
        ? {}
        : {
            CMCC_URL: url,
            CMCC_APP_ID: first.appId,
            CMCC_APP_SECRET: first.appSecret,
            CMCC_APP_KEY: first.appKey,
            CMCC_PRIVATE_KEY: pkcs8Base64(first.partner.privateKey),
            CMCC_PLATFORM_PUBLIC_KEY: spkiBase64(platform.publicKey),
          },
  }
}
