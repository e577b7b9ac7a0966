import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NumberEventKind } from '../../src/contract/number-life.ts'
import { type StartedMocks, startedMocks } from '../unit/mocks/started-mocks.ts'
import { byPythonSdk, type NumberCall, type NumberOutcome, sdkTrouble } from './alibaba-sdk/python.ts'

/** The vendor's Python SDK asks the mock of Dytnsapi about numbers that lived through this and that. */
let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['alibaba-dytns'] })
})
afterAll(() => mocks.close())

const sdk = (calls: readonly NumberCall[], secret?: string): Promise<NumberOutcome[]> => {
  const { DYTNS_URL, ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET } = mocks.ready.environment
  const accessKeySecret = secret ?? ALIBABA_CLOUD_ACCESS_KEY_SECRET!
  return byPythonSdk({ endpoint: new URL(DYTNS_URL!).host, accessKeyId: ALIBABA_CLOUD_ACCESS_KEY_ID!, accessKeySecret }, calls)
}

const about = (msisdn: string, more: Record<string, string> = {}) => ({
  auth_code: mocks.ready.environment.DYTNS_AUTH_CODE!,
  input_number: msisdn,
  mask: 'NORMAL',
  ...more,
})

/** A registration of ten days ago, as the service writes times. */
const REGISTERED = new Date(Date.now() + 8 * 3_600_000 - 10 * 86_400_000).toISOString().slice(0, 19).replace('T', ' ')

const twice = (msisdn: string): NumberCall => ({
  method: 'describe_phone_twice_tel_verify',
  request: 'DescribePhoneTwiceTelVerifyRequest',
  fields: about(msisdn, { start_time: REGISTERED }),
})

async function after(...events: readonly NumberEventKind[]): Promise<string> {
  const { msisdn } = await mocks.fresh('china-mobile')
  for (const kind of events) {
    const port = kind === 'ported' ? { toCarrier: 'china-unicom' } : {}
    await mocks.control('POST', '/life', { msisdn, kind, ...port })
  }
  return msisdn
}

describe.skipIf(sdkTrouble() !== undefined)('the vendor’s Python SDK', () => {
  it('reads what became of a number, in its own models', async () => {
    const numbers = [
      await after(),
      await after('sim-replaced'),
      await after('ported'),
      await after('reissued'),
      await after('transferred'),
      await after('deactivated'),
    ]
    const results = (await sdk(numbers.map(twice))).map(one =>
      one.kind === 'answered' ? [one.body.Code, one.body.Data?.VerifyResult, one.body.Data?.Carrier] : one,
    )
    expect(results).toEqual([
      ['OK', '2', 'CMCC'],
      ['OK', '2', 'CMCC'],
      ['OK', '2', 'CUCC'],
      ['OK', '1', 'CMCC'],
      ['OK', '4', 'CMCC'],
      ['OK', '3', 'CMCC'],
    ])
  })

  it('reads status, time in the network and operator', async () => {
    const msisdn = await after('ported')
    const [status, online, operator] = await sdk([
      { method: 'phone_number_status_for_real', request: 'PhoneNumberStatusForRealRequest', fields: about(msisdn) },
      { method: 'describe_phone_number_online_time', request: 'DescribePhoneNumberOnlineTimeRequest', fields: about(msisdn) },
      {
        method: 'describe_phone_number_operator_attribute',
        request: 'DescribePhoneNumberOperatorAttributeRequest',
        fields: about(msisdn),
      },
    ])
    expect(status).toMatchObject({ kind: 'answered', body: { Code: 'OK', Data: { Status: 'NORMAL', Carrier: 'CUCC' } } })
    expect(online).toMatchObject({ kind: 'answered', body: { Code: 'OK', Data: { VerifyResult: '1', CarrierCode: 'CUCC' } } })
    expect(operator).toMatchObject({
      kind: 'answered',
      body: { Code: 'OK', Data: { BasicCarrier: 'CMCC', Carrier: 'CUCC', IsNumberPortability: true } },
    })
  })

  it('is refused with a wrong secret', async () => {
    const [refused] = await sdk([twice(await after())], 'wrong')
    expect(refused).toMatchObject({ kind: 'thrown', code: 'SignatureDoesNotMatch' })
  })
})
