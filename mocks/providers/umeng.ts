import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { REFUSAL_STATUS, refusingAsAssumed } from '../refusing.ts'
import { mobileInfo, type UmengApp } from '../wire/umeng.ts'

const facts: readonly Fact[] = [
  { about: 'path, body, X-Ca headers, string to sign, Content-MD5', mark: 'confirmed', source: '[S43]' },
  { about: 'the time stamp holds 15 minutes; a nonce may not repeat within them', mark: 'confirmed', source: '[S43]' },
  {
    about: 'the nonce need not be signed, nor be there',
    mark: 'assumed',
    switch: 'nonce',
    source: 'the vendor’s sample does not sign it',
  },
  { about: 'success, data.mobile, message', mark: 'confirmed', source: '[S43]' },
  { about: 'the gateway refuses with 400', mark: 'assumed', switch: 'gateway-status', source: 'status not found' },
  { about: 'wording of X-Ca-Error-Message and message', mark: 'ours', source: 'codes not found' },
  { about: 'product errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'not said' },
  {
    about: 'tokens: 2, 30, 10 minutes, once',
    mark: 'assumed',
    switch: 'lifetimes',
    source: 'nothing of Umeng’s own; as the carriers’',
  },
  { about: 'the encrypted reply', mark: 'left-out', source: 'AES mode not found' },
]

export default defineProvider({
  id: 'umeng',
  about: 'Umeng U-Verify: mobile/info behind Alibaba’s API gateway (X-Ca, HMAC-SHA256), the number in the clear.',
  facts,
  assumptions: {
    nonce: ['optional', 'required', 'signed'],
    'gateway-status': ['400', '403'],
    'http-status': REFUSAL_STATUS,
  },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = [0, 1].map(
    (appIndex): UmengApp => ({
      appId: randomBytes(12).toString('hex'),
      appIndex,
      caKey: String(203_800_001 + appIndex),
      caSecret: randomBytes(16).toString('hex'),
    }),
  )
  const [first] = apps
  return {
    provider: 'umeng',
    apps,
    operations: [refusingAsAssumed(mobileInfo(apps, ports), ports)],
    environment: url =>
      first === undefined
        ? {}
        : { UMENG_URL: url, UMENG_APP_KEY: first.appId, UMENG_CA_KEY: first.caKey, UMENG_CA_SECRET: first.caSecret },
  }
}
