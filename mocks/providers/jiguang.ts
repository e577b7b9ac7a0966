import { randomBytes } from 'node:crypto'
import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { REFUSAL_STATUS, refusingAsAssumed } from '../refusing.ts'
import { type JiguangApp, loginTokenVerify, verifyNumber } from '../wire/jiguang.ts'
import { pkcs8Base64, rsaPair } from '../wire/rsa.ts'

const facts: readonly Fact[] = [
  { about: 'paths, fields, JSON, HTTP Basic with appKey and masterSecret', mark: 'confirmed', source: '[S23][S24]' },
  { about: 'codes 8000, 8001, 9000, 9001, 9003 to 9007, 9010 to 9015, 9099', mark: 'confirmed', source: '[S23][S24]' },
  { about: 'phone: RSA PKCS#1 v1.5 with the customer’s public key, base64', mark: 'confirmed', source: 'three vendor samples' },
  { about: 'id is an int64 that a JavaScript number cannot hold', mark: 'confirmed', source: 'the vendor’s sample' },
  {
    about: 'login with a dead token gives 8001; the number check gives 9003',
    mark: 'assumed',
    switch: 'dead-login-token',
    source: '9003 names no endpoint',
  },
  { about: 'a wrong masterSecret gives 9011', mark: 'assumed', switch: 'wrong-secret', source: '1802 is listed too' },
  { about: 'errors come with HTTP 200', mark: 'assumed', switch: 'http-status', source: 'HTTP status not found' },
  {
    about: 'a token of another app gives the same as a dead one',
    mark: 'assumed',
    switch: 'foreign-token',
    source: 'no code listed; 1803 is "no permission"',
  },
  {
    about: 'tries for one number are not limited',
    mark: 'assumed',
    switch: 'pace',
    source: 'limits are confirmed (30 s, 10 a day, 500,000 for an app) and would be in the way of load',
  },
  {
    about: 'login tokens: 2, 30, 30 minutes, once',
    mark: 'assumed',
    switch: 'lifetimes',
    source: '[S24]; [S23] has 30 days for Telecom',
  },
  { about: 'captcha products, v2 with risk score, H5 paths', mark: 'left-out', source: '[S23][S24]' },
]

export default defineProvider({
  id: 'jiguang',
  about: 'Jiguang (JVerification): loginTokenVerify and verify, HTTP Basic, the number under the customer’s RSA key.',
  facts,
  assumptions: {
    'dead-login-token': ['8001', '9003'],
    'wrong-secret': ['9011', '1802'],
    'http-status': REFUSAL_STATUS,
    'foreign-token': ['as-dead', '1803'],
    pace: ['none', 'as-documented'],
  },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = await Promise.all(
    [0, 1].map(async (appIndex): Promise<JiguangApp> => {
      const [appId, masterSecret] = [randomBytes(12), randomBytes(12)].map(bytes => bytes.toString('hex'))
      return { appId: appId ?? '', appIndex, masterSecret: masterSecret ?? '', customer: await rsaPair() }
    }),
  )
  const byId = new Map(apps.map(app => [app.appId, app]))
  const [first] = apps
  return {
    provider: 'jiguang',
    apps,
    operations: [loginTokenVerify(byId, ports), verifyNumber(byId, ports)].map(one => refusingAsAssumed(one, ports)),
    environment: url =>
      first === undefined
        ? {}
        : {
            JIGUANG_URL: url,
            JIGUANG_APP_KEY: first.appId,
            JIGUANG_MASTER_SECRET: first.masterSecret,
            JIGUANG_PRIVATE_KEY: pkcs8Base64(first.customer.privateKey),
          },
  }
}
