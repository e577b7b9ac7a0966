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
  { about: 'DescribePhoneNumberResale counts only re-issues, not the first issue', mark: 'assumed', source: 'not said' },
  { about: 'times are Beijing time', mark: 'assumed', source: 'no time zone stated' },
  { about: 'a number that the books do not know gives 0, unbilled', mark: 'assumed', source: '0 is "cannot tell"' },
  { about: 'PortabilityNumberNotSupported for some ported numbers', mark: 'confirmed', source: '[S22]; off unless assumed' },
  { about: 'a wrong AuthCode gives isv.INVALID_PARAMETERS', mark: 'assumed', source: 'code not found' },
  {
    about: 'hashed numbers (Mask MD5, SHA256, SM3) are refused',
    mark: 'ours',
    source: 'the mock keeps no table of ten million hashes',
  },
  { about: 'places are always the same', mark: 'ours', source: 'subscribers live nowhere' },
  { about: 'months of 30 days in OnlineTime', mark: 'assumed', source: 'not defined' },
]

export default defineProvider({
  id: 'alibaba-dytns',
  about: 'Alibaba Cloud number attributes (Dytnsapi 2020-02-17): reissued since a date, time in the network, status, operator.',
  facts,
  assumptions: {
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
