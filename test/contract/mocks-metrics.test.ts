import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PROVIDER_IDS } from '../../src/contract/providers.ts'
import { mobileLogin, postMobileLogin } from '../unit/mocks/backend-side.ts'
import { type StartedMocks, startedMocks } from '../unit/mocks/started-mocks.ts'
import { parseOpenMetrics, parserTrouble } from './openmetrics-parser.ts'

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ providers: PROVIDER_IDS })
})
afterAll(() => mocks.close())

async function metrics(): Promise<string> {
  const headers = { authorization: `Bearer ${mocks.ready.controlToken}` }
  return (await fetch(`${mocks.ready.controlUrl}/__onetap/metrics`, { headers })).text()
}

describe.skipIf(parserTrouble() !== undefined)('the mocks’ metrics', () => {
  it('are read by Prometheus’ own parser when nothing has happened, and when every provider was called', async () => {
    const before = parseOpenMetrics(await metrics())
    const { environment, providers } = mocks.ready
    for (const { url } of providers) await fetch(`${url}/no"where\\`)
    await mocks.control('PATCH', '/faults', { 'late-answer': { share: 1, lateMs: 5 } })
    const { token } = await mocks.token(await mocks.fresh('china-mobile'))
    await postMobileLogin(environment, mobileLogin(environment, token))
    const families = parseOpenMetrics(await metrics())
    expect(families.map(({ name, type, unit }) => [name, type, unit])).toEqual(
      before.map(({ name, type, unit }) => [name, type, unit]),
    )
    expect(families).toContainEqual(
      expect.objectContaining({ name: 'onetap_mocks_delay_error_seconds', type: 'histogram', unit: 'seconds' }),
    )
    const calls = families.find(({ name }) => name === 'onetap_mocks_calls')
    expect(calls?.samples).toBe(PROVIDER_IDS.length + 1)
  })
})
