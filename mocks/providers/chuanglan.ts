import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { REFUSAL_STATUS, refusingAsAssumed } from '../refusing.ts'
import { type ChuanglanApp, mobileQuery, mobileValidate } from '../wire/chuanglan.ts'
import { pkcs8Base64, rsaPair } from '../wire/rsa.ts'

const facts: readonly Fact[] = [
  { about: 'paths, form fields, HMAC-SHA256 over sorted fields with empty ones', mark: 'confirmed', source: '[S25]-[S30]' },
  { about: 'fields in the query of a POST are taken too', mark: 'confirmed', source: '[S27], a public client' },
  { about: 'mobileName: AES-128-CBC hex with md5(appKey), or RSA PKCS#1 v1.5 hex', mark: 'confirmed', source: '[S25][S26]' },
  { about: 'code is text, isVerify is text', mark: 'confirmed', source: '[S25]-[S30]' },
  { about: 'tokens: 2, 30, 10 minutes, once', mark: 'confirmed', source: '[S29]' },
  {
    about: 'AES and RSA both work',
    mark: 'assumed',
    switch: 'registered-key',
    source: 'a public key, once registered, forces RSA [S25]',
  },
  { about: 'sign must be lower case', mark: 'assumed', switch: 'sign-case', source: 'case sensitivity not found' },
  {
    about: 'dead, foreign and mismatched tokens give 500003',
    mark: 'assumed',
    switch: 'dead-token',
    source: 'code not found',
  },
  { about: '403000 for a bad sign', mark: 'assumed', switch: 'bad-sign', source: 'the list names no cause' },
  { about: '400901 for an unknown app', mark: 'assumed', switch: 'unknown-app', source: 'the list names no cause' },
  { about: 'errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'HTTP status not found' },
  { about: 'V1 paths per carrier, mobile-validate-web', mark: 'left-out', source: '[S28][S55]' },
]

export default defineProvider({
  id: 'chuanglan',
  about: 'Chuanglan 253 (Shanyan): mobile-query and mobile-validate, HMAC-SHA256, the number under AES or RSA.',
  facts,
  assumptions: {
    'registered-key': ['both', 'rsa-only'],
    'sign-case': ['lower', 'either'],
    'dead-token': ['500003', '500004'],
    'bad-sign': ['403000', '400001'],
    'unknown-app': ['400901', '400101'],
    'http-status': REFUSAL_STATUS,
  },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = await Promise.all(
    [0, 1].map(async (appIndex): Promise<ChuanglanApp> => {
      const [appId, appKey] = [randomBytes(4), randomBytes(4)].map(bytes => bytes.toString('hex'))
      return { appId: appId ?? '', appIndex, appKey: appKey ?? '', customer: await rsaPair() }
    }),
  )
  const byId = new Map(apps.map(app => [app.appId, app]))
  const [first] = apps
  return {
    provider: 'chuanglan',
    apps,
    operations: [mobileQuery(byId, ports), mobileValidate(byId, ports)].map(one => refusingAsAssumed(one, ports)),
    environment: url =>
      first === undefined
        ? {}
        : {
            CHUANGLAN_URL: url,
            CHUANGLAN_APP_ID: first.appId,
            CHUANGLAN_APP_KEY: first.appKey,
            CHUANGLAN_PRIVATE_KEY: pkcs8Base64(first.customer.privateKey),
          },
  }
}
