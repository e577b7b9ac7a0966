import { type Dialect, type DialectPorts, defineProvider, type Fact } from '../dialect.ts'
import { alibabaAccounts } from '../wire/alibaba-account.ts'
import { numberActions } from '../wire/alibaba-number-actions.ts'
import { rpcOperation } from '../wire/alibaba-rpc.ts'

const facts: readonly Fact[] = [
  { about: 'gateway and signatures as Dypnsapi’s', mark: 'confirmed', source: 'generated client' },
  {
    about: 'actions, parameters, envelopes, VerifyResult as text',
    mark: 'confirmed',
    source: '[S22] and the published SDKs',
  },
  {
    about: 'StartTime is the user’s registration; 1 reissued, 2 not, 3 cancelled, 4 transferred',
    mark: 'confirmed',
    source: '[S22]',
  },
  {
    about: 'DescribePhoneNumberResale reads its date the other way round; its result is a number',
    mark: 'confirmed',
    source: '[S22]',
  },
  {
    about: 'DescribePhoneNumberResale counts only re-issues, not the first issue',
    mark: 'assumed',
    switch: 'resale-of-first-issue',
    source: 'not said',
  },
  { about: 'times are Beijing time', mark: 'assumed', switch: 'time-zone', source: 'no time zone stated' },
  {
    about: 'a number that the books do not know gives 0, unbilled',
    mark: 'assumed',
    switch: 'unknown-number',
    source: '0 is "cannot tell"',
  },
  {
    about: 'a ported number is answered',
    mark: 'assumed',
    switch: 'ported-number',
    source: 'PortabilityNumberNotSupported is confirmed for "some" [S22]',
  },
  { about: 'no rate limit', mark: 'assumed', switch: 'rate-limit', source: '100 a second is documented for one action [S22]' },
  {
    about: 'a wrong AuthCode gives isv.INVALID_PARAMETERS',
    mark: 'assumed',
    switch: 'wrong-auth-code',
    source: 'code not found',
  },
  { about: 'months of 30 days in OnlineTime', mark: 'assumed', switch: 'month', source: 'not defined' },
  {
    about: 'the gateway’s own assumptions, as of Dypnsapi',
    mark: 'assumed',
    switch: 'check-order',
    source: 'one gateway; also unknown-key-status, bad-signature-status, nonce-memory, retry-after, system-error',
  },
  {
    about: 'hashed numbers (Mask MD5, SHA256, SM3) are refused',
    mark: 'ours',
    source: 'the mock keeps no table of ten million hashes',
  },
  { about: 'places are always the same', mark: 'ours', source: 'subscribers live nowhere' },
]

export default defineProvider({
  id: 'alibaba-dytns',
  about: 'Alibaba Cloud number attributes (Dytnsapi 2020-02-17): reissued since a date, time in the network, status, operator.',
  facts,
  assumptions: {
    'resale-of-first-issue': ['ignored', 'counts'],
    'time-zone': ['beijing', 'utc'],
    'unknown-number': ['0', 'RequestNumberNotSupported'],
    'wrong-auth-code': ['isv.INVALID_PARAMETERS', 'Forbidden'],
    month: ['30-days', 'calendar-average'],
    'nonce-memory': ['30-minutes', '15-minutes'],
    'check-order': ['time-first', 'signature-first'],
    'retry-after': ['sent', 'absent'],
    'system-error': ['isp.SYSTEM_ERROR', 'UnknowError'],
    'ported-number': ['answered', 'not-supported'],
    'rate-limit': ['none', '100-per-second'],
    'unknown-key-status': ['404', '400'],
    'bad-signature-status': ['400', '403'],
  },
  open,
})

async function open(ports: DialectPorts): Promise<Dialect> {
  const apps = alibabaAccounts(ports)
  const [first] = apps
  const product = { version: '2020-02-17', actions: numberActions(ports), limitPerSecond: () => undefined }
  return {
    provider: 'alibaba-dytns',
    apps,
    operations: [rpcOperation(product, ports)],
    environment: url =>
      first === undefined
        ? {}
        : {
            DYTNS_URL: url,
            DYTNS_AUTH_CODE: first.authCode,
            ALIBABA_CLOUD_ACCESS_KEY_ID: first.appId,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET: first.accessKeySecret,
          },
  }
}
