import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { mobileInfo, type UmengApp } from '../wire/umeng.ts'

const facts: readonly Fact[] = [
  { about: 'path, body, X-Ca headers, string to sign, Content-MD5', mark: 'confirmed', source: '[S43]' },
  { about: 'the time stamp holds 15 minutes; a nonce may not repeat within them', mark: 'confirmed', source: '[S43]' },
  { about: 'the nonce need not be signed, nor be there', mark: 'assumed', source: 'the vendor’s sample does not sign it' },
  { about: 'success, data.mobile, message', mark: 'confirmed', source: '[S43]' },
  {
    about: 'the gateway refuses with 400 and X-Ca-Error-Message',
    mark: 'assumed',
    source: 'codes not found; wording is ours',
  },
  { about: 'product errors come with HTTP 200', mark: 'assumed', source: 'not said' },
  { about: 'tokens: 2, 30, 10 minutes, once', mark: 'assumed', source: 'nothing of Umeng’s own; as the carriers’' },
  { about: 'the encrypted reply is not imitated', mark: 'assumed', source: 'AES mode not found' },
]

export default defineProvider({
  id: 'umeng',
  about: 'Umeng U-Verify: mobile/info behind Alibaba’s API gateway (X-Ca, HMAC-SHA256), the number in the clear.',
  facts,
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
    operations: [mobileInfo(apps, ports)],
    environment: url =>
      first === undefined
        ? {}
        : { UMENG_URL: url, UMENG_APP_KEY: first.appId, UMENG_CA_KEY: first.caKey, UMENG_CA_SECRET: first.caSecret },
  }
}
