import { hash } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { PHONE_ASSUMPTIONS, PHONE_FACTS } from '../phones.ts'
import { REFUSAL_STATUS, refusingAsAssumed } from '../refusing.ts'
import { qhbt, qhbv, type UnicomApp, unicomDesk } from '../wire/china-unicom-exchange.ts'
import { rsaPair, spkiBase64 } from '../wire/rsa.ts'

const facts: readonly Fact[] = [
  {
    about: 'path, form fields, what is signed, the envelope, code 0',
    mark: 'confirmed',
    source: '[S8], a server demo of 2018',
  },
  { about: 'the server interface of today', mark: 'left-out', source: 'no public document; the 2018 platform stands in for it' },
  {
    about: 'params and data: AES-128, PKCS#7, base64',
    mark: 'assumed',
    switch: 'params-encoding',
    source: 'only CBC with 16-character key and IV is confirmed',
  },
  { about: 'sign in lower-case hex', mark: 'assumed', switch: 'sign-case', source: 'letter case not found' },
  { about: 'paramsKey and aesKey are PKCS#1 v1.5 (Java default)', mark: 'confirmed', source: '[S8]' },
  { about: 'reply plaintext {"mobile"}', mark: 'assumed', switch: 'reply-layout', source: 'layout not found' },
  { about: 'errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'not found' },
  { about: 'codes 1001, 1002, 1003, 9999', mark: 'ours', source: 'no error code is public' },
  {
    about: 'code 104201 for expired, unknown and used tokens',
    mark: 'assumed',
    switch: 'dead-token',
    source: 'seen on the Unicom path of an aggregator [S52]',
  },
  {
    about: 'a token of another app or purpose gives the same',
    mark: 'assumed',
    switch: 'foreign-token',
    source: 'no code known',
  },
  { about: 'token shape: 32 hex', mark: 'ours', source: 'not documented' },
  {
    about: 'one reply key serves many replies for up to a second',
    mark: 'assumed',
    switch: 'reply-key',
    source: 'an RSA private operation per reply halves the ceiling; a reader cannot tell',
  },
  { about: 'number check: path, accessCode and mobile in data', mark: 'confirmed', source: '[S9], client SDKs' },
  {
    about: 'number check: envelope as of qhbt, result "1" or "0" inside',
    mark: 'assumed',
    switch: 'check-reply',
    source: 'server side and reply not found',
  },
  { about: 'lifetimes: 30 minutes, number check 10', mark: 'confirmed', source: '[S17][S23][S24]' },
  ...PHONE_FACTS,
]

export default defineProvider({
  id: 'china-unicom',
  about: 'China Unicom: exchange qhbt and number check qhbv of the 2018 platform, the only server interface that is public.',
  facts,
  assumptions: {
    ...PHONE_ASSUMPTIONS,
    'params-encoding': ['base64', 'hex'],
    'sign-case': ['lower', 'upper', 'either'],
    'reply-layout': ['json', 'plain-number'],
    'http-status': REFUSAL_STATUS,
    'dead-token': ['104201', '1'],
    'foreign-token': ['as-dead', '1001'],
    'reply-key': ['kept-a-second', 'each-anew'],
    'check-reply': ['sealed-result', 'code'],
  },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const platform = await rsaPair()
  const apps = [0, 1].map((appIndex): UnicomApp => {
    const name = appIndex === 0 ? 'target' : 'stranger'
    return { appId: hash('md5', `onetap/china-unicom/${name}`, 'hex'), appIndex, packageName: `example.onetap.${name}` }
  })
  const byId = new Map(apps.map(app => [app.appId, app]))
  const desk = unicomDesk(byId, platform, ports)
  const [first] = apps
  return {
    provider: 'china-unicom',
    apps,
    operations: [qhbt(desk), qhbv(desk)].map(operation => refusingAsAssumed(operation, ports)),
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
