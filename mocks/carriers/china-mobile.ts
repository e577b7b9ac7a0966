import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { loginTokenValidate } from '../wire/china-mobile-login.ts'
import { tokenValidate } from '../wire/china-mobile-number-check.ts'
import { pkcs8Base64, rsaPair } from '../wire/rsa.ts'

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
  { about: 'msisdn in RSA mode: PKCS#1 v1.5 padding, plain ASCII digits', mark: 'assumed', source: 'padding not stated' },
  { about: 'business errors come with HTTP 200', mark: 'assumed', source: 'HTTP status not found' },
  { about: 'time values are Beijing time', mark: 'assumed', source: 'stated for the SMS endpoints only' },
  { about: 'expired, unknown and used tokens all give 104201', mark: 'confirmed', source: '[S1][S4]' },
  { about: 'wrong content type, no JSON, a value that is no string: 103211', mark: 'confirmed', source: '[S4]' },
  {
    about: 'empty body, wrong method, body over 64 KiB: 103412',
    mark: 'assumed',
    source: '"invalid request"; limit is ours',
  },
  { about: 'order of checks: form, app, signature, token', mark: 'assumed', source: 'no document orders them' },
  { about: 'injected system error 103413', mark: 'assumed', source: 'legacy table only' },
  { about: 'systemtime and msgid are not checked for freshness', mark: 'assumed', source: 'window not found' },
  { about: 'tokenValidate: unknown app gives 102', mark: 'assumed', source: 'no code listed' },
  { about: 'tokenValidate: only keyType 0; keyType 1 gives 102', mark: 'assumed', source: 'RSA encodings not found' },
  { about: 'IP allow-list: 103511 and 124', mark: 'confirmed', source: '[S1]; given only by the fault ip-refused' },
  { about: 'quotas: HTTP 429 by the fault throttle', mark: 'assumed', source: 'no code found' },
]

export default defineProvider({
  id: 'china-mobile',
  about: 'China Mobile: loginTokenValidate (MD5 and RSA mode) and tokenValidate, as in the carrier’s server document of 2020.',
  facts,
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = await Promise.all(
    ['30000001', '30000002'].map(async (appId, appIndex): Promise<ChinaMobileApp> => {
      const [appSecret, appKey] = [randomBytes(16), randomBytes(16)].map(bytes => bytes.toString('hex').toUpperCase())
      return { appId, appIndex, appSecret: appSecret ?? '', appKey: appKey ?? '', partner: await rsaPair() }
    }),
  )
  const byId = new Map(apps.map(app => [app.appId, app]))
  const [first] = apps
  return {
    provider: 'china-mobile',
    apps,
    operations: [loginTokenValidate(byId, ports), tokenValidate(byId, ports)],
    environment: url =>
      first === undefined
        ? {}
        : {
            CMCC_URL: url,
            CMCC_APP_ID: first.appId,
            CMCC_APP_SECRET: first.appSecret,
            CMCC_APP_KEY: first.appKey,
            CMCC_PRIVATE_KEY: pkcs8Base64(first.partner.privateKey),
          },
  }
}
