import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CARRIER_IDS, type CarrierId } from '../../../src/contract/carriers.ts'
import type { IssuedToken } from '../../../src/contract/journal.ts'
import { PROVIDER_IDS, type ProviderId } from '../../../src/contract/providers.ts'
import { AGGREGATOR_SIDES } from './aggregator-side.ts'
import { mobileLogin, postMobileLogin, postTelecom, postUnicom, telecomFields, unicomFields } from './backend-side.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

/** The promises of token life, kept by the whole of the mocks: wire, faults, books and clock together. */
let mocks: StartedMocks
let env: Record<string, string>
beforeAll(async () => {
  mocks = await startedMocks({ providers: PROVIDER_IDS })
  env = mocks.ready.environment
})
afterAll(() => mocks.close())
afterEach(async () => {
  await mocks.behave({ faults: [] })
  await mocks.control('POST', '/reset')
})

/** Exchanges a token; true when a number came out. */
type Exchange = (issued: IssuedToken) => Promise<boolean>

const AT_CARRIERS: Readonly<Record<CarrierId, Exchange>> = {
  'china-mobile': async ({ token }) => (await postMobileLogin(env, mobileLogin(env, token))).json.resultCode === '103000',
  'china-unicom': async ({ token }) => (await postUnicom(env, unicomFields(env, token))).json.code === 0,
  'china-telecom': async ({ token, authCode = '' }) =>
    (await postTelecom(env, telecomFields(env, { accessCode: token, authCode }))).json.result === '0',
}

const ROUTES: readonly (readonly [CarrierId, ProviderId, Exchange])[] = [
  ...CARRIER_IDS.map(carrier => [carrier, carrier, AT_CARRIERS[carrier]] as const),
  ...AGGREGATOR_SIDES.flatMap(({ id, login }) =>
    CARRIER_IDS.map(
      carrier => [carrier, id, async (issued: IssuedToken) => (await login(env, issued)).result !== undefined] as const,
    ),
  ),
]

const take = async (carrier: CarrierId, provider: ProviderId): Promise<IssuedToken> =>
  mocks.token(await mocks.fresh(carrier), { provider })

/** Issued, redeemed, expired and live handset tokens, from the metrics as anybody reads them. */
async function books(): Promise<number[]> {
  const headers = { authorization: `Bearer ${mocks.ready.controlToken}` }
  const text = await (await fetch(`${mocks.ready.controlUrl}/__onetap/metrics`, { headers })).text()
  const figure = (name: string) => Number(new RegExp(`^onetap_mocks_handset_tokens_${name} (\\d+)$`, 'm').exec(text)?.[1])
  return ['issued_total', 'redeemed_total', 'expired_total', 'live'].map(figure)
}

describe.each(ROUTES)('a %s phone’s token at %s', (carrier, provider, exchange) => {
  it('gives the number to exactly one of many calls at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 12 }), async calls => {
        const issued = await take(carrier, provider)
        const given = await Promise.all(Array.from({ length: calls }, () => exchange(issued)))
        expect(given.filter(Boolean)).toHaveLength(1)
      }),
      { numRuns: 5 },
    )
  })

  it('works to the last second of its life and not in the next, and the books balance', async () => {
    const [early, late] = [await take(carrier, provider), await take(carrier, provider)]
    await mocks.control('POST', '/clock', { advanceMs: early.expiresInMs - 1000 })
    expect(await exchange(early)).toBe(true)
    await mocks.control('POST', '/clock', { advanceMs: 1000 })
    expect(await exchange(late)).toBe(false)
    const young = await take(carrier, provider)
    expect(await books()).toEqual([3, 1, 1, 1])
    expect(await exchange(young)).toBe(true)
    expect(await books()).toEqual([3, 2, 1, 0])
  })
})

it('the k-th call without a token of ours has the k-th decision, one by one or all at once, and again after a reset', async () => {
  await mocks.behave({ faults: [{ id: 'error-rate', share: 0.4, answer: 'http' }] })
  const token = `STsid0000001551151128045${'K'.repeat(32)}`
  const struck = async () => (await postMobileLogin(env, mobileLogin(env, token))).status === 503
  const inTurn: boolean[] = []
  for (let k = 0; k < 60; k++) inTurn.push(await struck())
  const count = inTurn.filter(Boolean).length
  expect(count).toBeGreaterThan(5)
  expect(count).toBeLessThan(55)
  await mocks.control('POST', '/reset')
  const atOnce = await Promise.all(inTurn.map(struck))
  expect(atOnce.filter(Boolean)).toHaveLength(count)
  await mocks.control('POST', '/reset')
  const again: boolean[] = []
  for (let k = 0; k < 60; k++) again.push(await struck())
  expect(again).toEqual(inTurn)
})
