import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { alibabaAccounts } from '../wire/alibaba-account.ts'
import { clientTokenActions } from '../wire/alibaba-client-tokens.ts'
import { rpcOperation } from '../wire/alibaba-rpc.ts'
import { smsActions } from '../wire/alibaba-sms-actions.ts'
import { tokenActions } from '../wire/alibaba-token-actions.ts'
import { SmsCodes } from '../wire/sms-codes.ts'

const facts: readonly Fact[] = [
  { about: 'ACS3-HMAC-SHA256 and HMAC-SHA1 signatures, what is signed', mark: 'confirmed', source: 'the real SDK run' },
  {
    about: 'parameters in the query of a POST with an empty body; form fields too',
    mark: 'confirmed',
    source: 'the real SDK run',
  },
  { about: 'actions, parameters, envelopes', mark: 'confirmed', source: '[S15]' },
  { about: 'time stamp 15 minutes off: InvalidTimeStamp.Expired; SignatureNonceUsed', mark: 'confirmed', source: '[S20]' },
  { about: 'a nonce is remembered for 30 minutes', mark: 'assumed', source: 'twice the window: no document says how long' },
  { about: 'order of the gateway’s checks', mark: 'assumed', source: 'no document orders them' },
  { about: 'unknown key 404, bad signature 400', mark: 'assumed', source: 'documents disagree (400, 403); switchable' },
  {
    about: 'product errors come with HTTP 200',
    mark: 'assumed',
    source: 'the status of isv codes was not found; switchable',
  },
  {
    about: 'isv.TOKEN_INVALID for expired, TOKEN_UNAUTHORIZED_USED for the wrong purpose',
    mark: 'confirmed',
    source: '[S16]',
  },
  { about: 'isv.TOKEN_INVALID for used and unknown, isv.INVALID_APP for another app', mark: 'assumed', source: 'list cut' },
  {
    about: 'isv.PARAMETERS_MISMATCH before the token is spent',
    mark: 'assumed',
    source: 'the code is confirmed, the order is not',
  },
  { about: 'tokens: 2, 30, 10 minutes, once', mark: 'confirmed', source: '[S17]' },
  { about: 'a wrong SMS code is a success with UNKNOWN', mark: 'confirmed', source: '[S15]' },
  { about: 'a right SMS code works once', mark: 'assumed', source: 'not documented' },
  { about: 'isv.BUSINESS_LIMIT_CONTROL for texts too often', mark: 'assumed', source: 'of the SMS product; switchable' },
  {
    about: 'rate limits: none, or those of the API pages or of the quota page',
    mark: 'assumed',
    source: 'documents disagree',
  },
  {
    about: 'Throttling.User with x-acs-retry-after in milliseconds',
    mark: 'assumed',
    source: 'code and header are confirmed',
  },
  {
    about: 'PhoneScore is always 0; STS, bearer tokens, SM3 and RSA signatures are not imitated',
    mark: 'assumed',
    source: 'out of scope',
  },
]

/** Calls a second by account, as two pages of the vendor say (4.5). Absent: the page names none. */
const LIMITS: Record<string, Record<string, number>> = {
  none: {},
  'api-pages': { GetMobile: 5000, VerifyMobile: 5000, VerifyPhoneWithToken: 1000, GetPhoneWithToken: 500, GetAuthToken: 1000 },
  'quota-page': {
    GetMobile: 1000,
    VerifyMobile: 5000,
    GetPhoneWithToken: 50,
    GetAuthToken: 1000,
    GetFusionAuthToken: 500,
    VerifyWithFusionAuthToken: 500,
    CheckSmsVerifyCode: 500,
    SendSmsVerifyCode: 100,
  },
}

export default defineProvider({
  id: 'alibaba-dypns',
  about: 'Alibaba Cloud number authentication (Dypnsapi 2017-05-25): GetMobile, VerifyMobile, H5, fusion and SMS codes.',
  facts,
  assumptions: {
    'isv-status': ['200', '400'],
    'unknown-key-status': ['404', '400'],
    'bad-signature-status': ['400', '403'],
    'sms-too-often': ['isv.BUSINESS_LIMIT_CONTROL', 'biz.FREQUENCY'],
    'rate-limits': ['none', 'api-pages', 'quota-page'],
  },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = alibabaAccounts(ports)
  const [first] = apps
  const codes = new SmsCodes(ports.seed)
  const product = {
    version: '2017-05-25',
    actions: [...tokenActions(ports), ...clientTokenActions(ports), ...smsActions(ports, codes)],
    limitPerSecond: (action: string) => LIMITS[ports.assume('rate-limits')]?.[action],
  }
  return {
    provider: 'alibaba-dypns',
    apps,
    operations: [rpcOperation(product, ports)],
    reset: () => codes.reset(),
    environment: url =>
      first === undefined
        ? {}
        : {
            DYPNS_URL: url,
            ALIBABA_CLOUD_ACCESS_KEY_ID: first.appId,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: first.accessKeySecret,
          },
  }
}
