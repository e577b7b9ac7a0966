import { hash } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { qhbt, type UnicomApp } from '../wire/china-unicom-exchange.ts'
import { rsaPair, spkiBase64 } from '../wire/rsa.ts'

const facts: readonly Fact[] = [
  {
    about: 'path, form fields, what is signed, the envelope, code 0',
    mark: 'confirmed',
    source: '[S8], a server demo of 2018',
  },
  { about: 'current server interface', mark: 'assumed', source: 'no public document; the 2018 platform stands in for it' },
  { about: 'AES-128, PKCS#7, base64', mark: 'assumed', source: 'only CBC with 16-character key and IV is confirmed' },
  { about: 'sign in lower-case hex', mark: 'assumed', source: 'letter case not found' },
  { about: 'paramsKey and aesKey are PKCS#1 v1.5 (Java default)', mark: 'confirmed', source: '[S8]' },
  { about: 'reply plaintext {"mobile"}', mark: 'assumed', source: 'layout not found' },
  { about: 'codes 1001, 1002, 1003, 9999', mark: 'assumed', source: 'error codes not found' },
  {
    about: 'code 104201 for expired, unknown and used tokens',
    mark: 'assumed',
    source: 'seen on the Unicom path of an aggregator [S52]',
  },
  { about: 'token of another app or purpose gives 104201 too', mark: 'assumed', source: 'no code known' },
  { about: 'token shape: 32 hex', mark: 'assumed', source: 'not documented' },
  {
    about: 'one reply key serves many replies for up to a second',
    mark: 'assumed',
    source: 'ours: an RSA private operation per reply halves the ceiling',
  },
  { about: 'number check qhbv is not imitated', mark: 'assumed', source: 'reply not found' },
]

export default defineProvider({
  id: 'china-unicom',
  about: 'China Unicom: the token exchange qhbt of the 2018 platform, the only server interface that is public.',
  facts,
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const platform = await rsaPair()
  const apps = [0, 1].map((appIndex): UnicomApp => {
    const name = appIndex === 0 ? 'target' : 'stranger'
    return { appId: hash('md5', `onetap/china-unicom/${name}`, 'hex'), appIndex, packageName: `example.onetap.${name}` }
  })
  const byId = new Map(apps.map(app => [app.appId, app]))
  const [first] = apps
  return {
    provider: 'china-unicom',
    apps,
    operations: [qhbt(byId, platform, ports)],
    environment: url =>
      first === undefined
        ? {}
        : {
            CUCC_URL: url,
            CUCC_API_KEY: first.appId,
            CUCC_PLATFORM_PUBLIC_KEY: spkiBase64(platform.publicKey),
            CUCC_PACKAGE: first.packageName,
          },
  }
}
