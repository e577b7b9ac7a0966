import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JournalTotals } from '../../../src/contract/journal.ts'
import type { ProviderId } from '../../../src/contract/providers.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

/** Each route with what it says to a request that it cannot read. */
const ROUTES: readonly [ProviderId, string, RegExp][] = [
  ['alibaba-dypns', '/', /InvalidParameter|InvalidApi\.NotFound|UnsupportedHTTPMethod/],
  ['alibaba-dytns', '/', /InvalidParameter|InvalidApi\.NotFound|UnsupportedHTTPMethod/],
  ['jiguang', '/v1/web/loginTokenVerify', /90(?:10|13|15)/],
  ['jiguang', '/v1/web/verify', /90(?:10|13|15)/],
  ['chuanglan', '/open/flashsdk/mobile-query', /400001/],
  ['chuanglan', '/open/flashsdk/mobile-validate', /400001/],
  ['mobtech', '/auth/auth/sdkClientFreeLogin', /4119301/],
  ['yidun', '/v1/oneclick/check', /"code":400/],
  ['yidun', '/v1/check', /"code":400/],
  ['getui', '/v1/gy/ct_login/gy_get_pn', /400(?:05|32)/],
  ['getui', '/v2/gy/ct_login/gy_get_pn', /400(?:05|32)/],
  ['umeng', '/api/v1/mobile/info', /Invalid (?:Request|AppKey)/],
]

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ providers: [...new Set(ROUTES.map(([provider]) => provider))] })
})
afterAll(() => mocks.close())

const TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/xml', 'APPLICATION/JSON;CHARSET=UTF-8', 'nonsense']
const BODIES = [
  '',
  'null',
  '[]',
  '{}',
  '{"token":',
  '{"token":{"a":1}}',
  '{"__proto__":{"x":1}}',
  'a=1&a=2',
  '%',
  '=&=&',
  '\u0000\uffff',
]

interface Answer {
  status: number
  /** Body and the header in which an API gateway explains itself. */
  said: string
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  return { status: response.status, said: (response.headers.get('x-ca-error-message') ?? '') + (await response.text()) }
}

describe.each(ROUTES)('%s %s', (provider, path, expected) => {
  it('answers in its own words whatever the method, the type and the body', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const { status, said } = await ask(`${mocks.url(provider)}${path}`, { method })
      expect([status < 500, said], method).toEqual([true, expect.stringMatching(expected)])
    }
    for (const type of TYPES) {
      for (const body of BODIES) {
        const { status, said } = await ask(`${mocks.url(provider)}${path}`, {
          method: 'POST',
          body,
          headers: { 'content-type': type },
        })
        expect([status < 500, said], `${type} ${body}`).toEqual([true, expect.stringMatching(expected)])
      }
    }
  })

  it('answers a body that is too long', async () => {
    const body = `{"token":"${'x'.repeat(70_000)}"}`
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
    const { status, said } = await ask(`${mocks.url(provider)}${path}`, init)
    expect([status < 500, said]).toEqual([true, expect.stringMatching(expected)])
  })

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
        const { status } = await ask(url, { method: 'POST', body, headers: { 'content-type': type } })
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 60 },
    )
    const after = (await mocks.control<JournalTotals>('GET', '/journal/totals')).body
    expect(after.calls).toBeGreaterThan(before.calls)
    expect([after.redeemed, after.billed]).toEqual([before.redeemed, before.billed])
  })
})
