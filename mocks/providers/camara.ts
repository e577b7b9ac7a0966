import { randomBytes } from 'node:crypto'
import { CARRIER_IDS, type CarrierId } from '../../src/contract/carriers.ts'
import { AccessTokens } from '../camara/access-tokens.ts'
import { Authorizations } from '../camara/authorizations.ts'
import { authorizeEndpoint } from '../camara/authorize-endpoint.ts'
import { backchannelEndpoint } from '../camara/backchannel-endpoint.ts'
import { AssertionDesk, newClient } from '../camara/clients.ts'
import { deviceSide } from '../camara/device-side.ts'
import { discovery } from '../camara/discovery.ts'
import { numberRecycling } from '../camara/number-recycling.ts'
import { numberVerification } from '../camara/number-verification.ts'
import { OneTimePasswords } from '../camara/one-time-passwords.ts'
import type { OperatorContext } from '../camara/operator-context.ts'
import { otpSms } from '../camara/otp-sms.ts'
import { simSwapSubscriptions } from '../camara/sim-swap-subscriptions.ts'
import { SubscriptionBook } from '../camara/subscription-book.ts'
import { deviceSwap, simSwap } from '../camara/swaps.ts'
import { tokenEndpoint } from '../camara/token-endpoint.ts'
import { type Dialect, type DialectPorts, defineProvider, type Fact, type Operation } from '../dialect.ts'
import { OpaqueWords } from '../identity/opaque-words.ts'
import { pkcs8Base64 } from '../wire/rsa.ts'

const facts: readonly Fact[] = [
  { about: 'paths, scopes, bodies, codes of six APIs', mark: 'confirmed', source: 'the released OpenAPI files [S48]' },
  {
    about: 'error body {status, code, message}, x-correlator echoed, malformed one 400',
    mark: 'confirmed',
    source: 'the OpenAPI files and CAMARA Commonalities r3.4',
  },
  {
    about: 'number in body and user in token: 422, even when the same',
    mark: 'confirmed',
    source: 'the OpenAPI files and CAMARA Commonalities r3.4',
  },
  {
    about: 'grants, private_key_jwt, limits of assertions, OAuth errors',
    mark: 'confirmed',
    source: 'security and interoperability profile, r4.2',
  },
  {
    about: 'a Number Verification token serves one call (and lives 300 s)',
    mark: 'assumed',
    switch: 'number-verification-token',
    source: 'main branch of NumberVerification; not in release 2.1.0',
  },
  {
    about: 'fields that no API file declares are ignored',
    mark: 'assumed',
    switch: 'request-bodies',
    source: 'release candidates of the next cycle refuse them',
  },
  { about: 'SIM and device history without limit', mark: 'assumed', switch: 'monitored-days', source: 'left to the operator' },
  {
    about: 'Number Recycling looks back without limit',
    mark: 'assumed',
    switch: 'recycling-window-days',
    source: 'left to the operator',
  },
  {
    about: 'the user approves a backchannel request at once',
    mark: 'assumed',
    switch: 'backchannel-approval',
    source: 'a person decides',
  },
  {
    about: 'sub changes with the number’s holder',
    mark: 'assumed',
    switch: 'sub-after-reissue',
    source: 'not specified; it is per end user',
  },
  {
    about: 'sinks are https',
    mark: 'assumed',
    switch: 'sink',
    source: 'the pattern is confirmed; a local listener may lack TLS',
  },
  {
    about: 'a user’s token dies with the SIM card it was made on',
    mark: 'assumed',
    switch: 'user-token-after-new-sim',
    source: 'reason given for the one-shot rule',
  },
  {
    about: 'order of checks: method, token, correlator, scope, body, subject',
    mark: 'assumed',
    switch: 'check-order',
    source: 'no document orders them',
  },
  {
    about: 'no body at all or no JSON: 400; another content type: 415',
    mark: 'assumed',
    switch: 'other-media-type',
    source: 'common error list has both',
  },
  {
    about: 'a number nobody holds: 404 IDENTIFIER_NOT_FOUND, but recycled = true',
    mark: 'assumed',
    switch: 'unheld-number',
    source: 'our rule for gaps; 422 SERVICE_NOT_APPLICABLE fits too',
  },
  {
    about: 'days of Number Recycling are Beijing days',
    mark: 'assumed',
    switch: 'days',
    source: 'no time zone in the specification',
  },
  {
    about: 'OTP: six digits, 5 minutes, 3 attempts; 10 codes in 10 minutes',
    mark: 'assumed',
    switch: 'otp',
    source: 'left to the operator',
  },
  {
    about: 'a device without mobile data gets access_denied',
    mark: 'assumed',
    switch: 'no-mobile-data',
    source: 'profile lists no code for it',
  },
  { about: 'amr and its values', mark: 'assumed', switch: 'amr', source: 'not specified' },
  { about: 'codes live 60 s', mark: 'assumed', switch: 'code-life-seconds', source: 'left to the operator' },
  { about: 'two-legged tokens live an hour', mark: 'assumed', switch: 'client-token-seconds', source: 'left to the operator' },
  {
    about: '429 without Retry-After',
    mark: 'assumed',
    switch: 'retry-after',
    source: 'no API file defines the header',
  },
  {
    about: 'ipport: hints, signed authentication requests, DPoP, refresh tokens',
    mark: 'left-out',
    source: 'optional or without a network here',
  },
  {
    about: 'Device Swap: 422 for a number never used in a device',
    mark: 'left-out',
    source: 'every number here has a device',
  },
  {
    about: 'one base path for all carriers, and one for each (/china-mobile …)',
    mark: 'ours',
    source: 'apiRoot may end anywhere',
  },
  {
    about: 'onetap_imsi at authorize, /handset/v1/operator-token, /handset/v1/consent',
    mark: 'ours',
    source: 'stand for the mobile network',
  },
]

export default defineProvider({
  id: 'camara',
  about:
    'CAMARA: Number Verification, SIM Swap with subscriptions, Number Recycling, OTP SMS, Device Swap, and their authorization server.',
  facts,
  assumptions: {
    'number-verification-token': ['one-shot', 'reusable'],
    'request-bodies': ['open', 'strict'],
    'monitored-days': ['unlimited', '120'],
    'recycling-window-days': ['unlimited', '365'],
    'backchannel-approval': ['at-once', 'after-2s', 'denied', 'never'],
    'sub-after-reissue': ['changes', 'stays'],
    sink: ['https', 'https-or-local-http'],
    'user-token-after-new-sim': ['dies', 'lives'],
    'check-order': ['token-first', 'correlator-first'],
    'other-media-type': ['415', '400'],
    'unheld-number': ['404', '422'],
    days: ['beijing', 'utc'],
    otp: ['6-digits-5-minutes-3-attempts', '4-digits-10-minutes-5-attempts'],
    'no-mobile-data': ['access_denied', 'server_error'],
    amr: ['mno_network', 'absent'],
    'code-life-seconds': ['60', '600'],
    'client-token-seconds': ['3600', '300'],
    'retry-after': ['absent', 'sent'],
  },
  open,
})

const APIS = [numberVerification, simSwap, simSwapSubscriptions, numberRecycling, otpSms, deviceSwap, discovery]
const ENDPOINTS = [authorizeEndpoint, backchannelEndpoint, tokenEndpoint]

async function open(ports: DialectPorts): Promise<Dialect> {
  const { seed, nowMs, wallMs, notices, lives } = ports
  const [target, stranger, signer] = await Promise.all([
    newClient('onetap-target', 0),
    newClient('onetap-stranger', 1),
    newClient('', 2),
  ])
  const clients = [target, stranger]
  const words = new OpaqueWords(seed, 'camara')
  const books = {
    authorizations: ports.keep('authorizations', new Authorizations(words, nowMs)),
    tokens: ports.keep('access tokens', new AccessTokens(words, nowMs)),
    passwords: ports.keep('one-time passwords', new OneTimePasswords(words, nowMs)),
    subscriptions: ports.keep('subscriptions', new SubscriptionBook({ words, notices, nowMs })),
  }
  lives.onEvent(({ index, atMs, kind }) => {
    if (kind === 'reissued' || kind === 'sim-replaced' || kind === 'ported' || kind === 'transferred') {
      books.subscriptions.swapped(index, atMs)
    }
  })
  const signingKey = { privateKey: signer.privateKey, publicKey: signer.publicKey, kid: randomBytes(8).toString('hex') }
  const operators: (CarrierId | undefined)[] = [undefined, ...CARRIER_IDS]
  const operations = operators.flatMap((operator): Operation[] => {
    const basePath = operator === undefined ? '' : `/${operator}`
    const assertions = ports.keep(`assertions at ${basePath}/`, new AssertionDesk(clients, wallMs))
    const context: OperatorContext = { operator, basePath, clients, assertions, words, signingKey, ports, ...books }
    return [...APIS.flatMap(api => api(context)), ...ENDPOINTS.map(endpoint => endpoint(context))]
  })
  return {
    provider: 'camara',
    apps: clients,
    operations,
    deviceRoutes: deviceSide(clients, books.authorizations, ports),
    environment: url => ({
      CAMARA_URL: url,
      CAMARA_CLIENT_ID: target.appId,
      CAMARA_PRIVATE_KEY: pkcs8Base64(target.privateKey),
    }),
  }
}
