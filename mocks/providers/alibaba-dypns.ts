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
  {
    about: 'a nonce is remembered for 30 minutes',
    mark: 'assumed',
    switch: 'nonce-memory',
    source: 'twice the window: no document says how long',
  },
  {
    about: 'order of the gateway’s checks: API, key, time, signature, nonce, parameters, rate',
    mark: 'assumed',
    switch: 'check-order',
    source: 'no document orders them',
  },
  {
    about: 'unknown key 404',
    mark: 'assumed',
    switch: 'unknown-key-status',
    source: 'documents disagree (404, 400)',
  },
  {
    about: 'bad signature 400',
    mark: 'assumed',
    switch: 'bad-signature-status',
    source: 'documents disagree (400, 403)',
  },
  {
    about: 'product errors come with HTTP 200',
    mark: 'assumed',
    switch: 'isv-status',
    source: 'the status of isv codes was not found',
  },
  {
    about: 'isv.TOKEN_INVALID for expired, TOKEN_UNAUTHORIZED_USED for the wrong purpose',
    mark: 'confirmed',
    source: '[S16]',
  },
  { about: 'isv.TOKEN_INVALID for used and unknown', mark: 'assumed', switch: 'dead-token', source: 'list cut' },
  { about: 'isv.INVALID_APP for another app’s token', mark: 'assumed', switch: 'foreign-token', source: 'list cut' },
  {
    about: 'isv.PARAMETERS_MISMATCH before the token is spent',
    mark: 'assumed',
    switch: 'mismatch',
    source: 'the code is confirmed, the order is not',
  },
  { about: 'tokens: 2, 30, 10 minutes, once', mark: 'confirmed', source: '[S17]' },
  { about: 'a wrong SMS code is a success with UNKNOWN', mark: 'confirmed', source: '[S15]' },
  { about: 'a right SMS code works once', mark: 'assumed', switch: 'sms-code-use', source: 'not documented' },
  {
    about: 'isv.BUSINESS_LIMIT_CONTROL for texts too often',
    mark: 'assumed',
    switch: 'sms-too-often',
    source: 'of the SMS product',
  },
  { about: 'no rate limit', mark: 'assumed', switch: 'rate-limits', source: 'two pages disagree [S17][S18]' },
  {
    about: 'Throttling.User with x-acs-retry-after in milliseconds',
    mark: 'assumed',
    switch: 'retry-after',
    source: 'code and header are confirmed, that they come together is not',
  },
  {
    about: 'injected system error isp.SYSTEM_ERROR',
    mark: 'assumed',
    switch: 'system-error',
    source: 'of a sister product; the list read is cut',
  },
  { about: 'PhoneScore is always 0', mark: 'ours', source: 'subscribers carry no risk' },
  {
    about: 'STS, bearer tokens, SM3 and RSA signatures, statistics, schemes, withdrawn actions',
    mark: 'left-out',
    source: '[S15]',
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
    'nonce-memory': ['30-minutes', '15-minutes'],
    'check-order': ['time-first', 'signature-first'],
    'dead-token': ['isv.TOKEN_INVALID', 'isv.INVALID_PARAMETERS'],
    'foreign-token': ['isv.INVALID_APP', 'isv.TOKEN_INVALID'],
    mismatch: ['keeps-token', 'spends-token'],
    'sms-code-use': ['once', 'until-it-expires'],
    'retry-after': ['sent', 'absent'],
    'system-error': ['isp.SYSTEM_ERROR', 'UnknowError'],
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
  const codes = ports.keep('sms codes', new SmsCodes(ports.seed))
  const product = {
    version: '2017-05-25',
    actions: [...tokenActions(ports), ...clientTokenActions(ports), ...smsActions(ports, codes)],
    limitPerSecond: (action: string) => LIMITS[ports.assume('rate-limits')]?.[action],
  }
  return {
    provider: 'alibaba-dypns',
    apps,
    operations: [rpcOperation(product, ports)],
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
