import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalTotals } from '../../../src/contract/journal.ts'
import type { ProviderId } from '../../../src/contract/providers.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

/** Where aggregators take tokens; plain bad input is bad-input.test.ts's. */
const ROUTES: readonly [ProviderId, string][] = [
  ['alibaba-dypns', '/'],
  ['alibaba-dytns', '/'],
  ['jiguang', '/v1/web/loginTokenVerify'],
  ['jiguang', '/v1/web/verify'],
  ['chuanglan', '/open/flashsdk/mobile-query'],
  ['chuanglan', '/open/flashsdk/mobile-validate'],
  ['mobtech', '/auth/auth/sdkClientFreeLogin'],
  ['yidun', '/v1/oneclick/check'],
  ['yidun', '/v1/check'],
  ['getui', '/v1/gy/ct_login/gy_get_pn'],
  ['getui', '/v2/gy/ct_login/gy_get_pn'],
  ['umeng', '/api/v1/mobile/info'],
]

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ providers: [...new Set(ROUTES.map(([provider]) => provider))] })
})
afterAll(() => mocks.close())

describe.each(ROUTES)('%s %s', (provider, path) => {
  it('gives nothing out for random fields, in the query or in the body', async () => {
    const names = [
      'appId',
      'appkey',
      'token',
      'opToken',
      'sign',
      'Action',
      'Signature',
      'AccessKeyId',
      'Timestamp',
      'nonce',
      'mobile',
      'operator',
    ]
    const fields = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string({ unit: 'binary' }), fc.string()), { maxKeys: 8 })
    const before = (await mocks.control<JournalTotals>('GET', '/journal/totals')).body
    await fc.assert(
      fc.asyncProperty(fields, fc.constantFrom('json', 'form', 'query'), async (given, place) => {
        const form = new URLSearchParams(given).toString()
        const url = `${mocks.url(provider)}${path}${place === 'query' ? `?${form}` : ''}`
        const body = place === 'json' ? JSON.stringify(given) : place === 'form' ? form : ''
        const type = place === 'json' ? 'application/json' : 'application/x-www-form-urlencoded'
        const { status } = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } })
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 60 },
    )
    const after = (await mocks.control<JournalTotals>('GET', '/journal/totals')).body
    expect(after.calls).toBeGreaterThan(before.calls)
    expect([after.redeemed, after.billed]).toEqual([before.redeemed, before.billed])
  })
})
