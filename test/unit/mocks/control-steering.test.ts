import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { isOwnHost } from '../../../mocks/control/host-check.ts'
import { LOAD_RING_SIZE } from '../../../mocks/journal.ts'
import type { HandsetSim, IssuedToken, JournalRow } from '../../../src/contract/journal.ts'
import { mintToken } from '../../../src/contract/token.ts'
import { mobileLogin, postMobileLogin } from './backend-side.ts'
import { SETTINGS, type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks()
})
afterAll(() => mocks.close())
beforeEach(async () => {
  await mocks.behave(SETTINGS.behaviour)
  await mocks.control('POST', '/reset')
})

const login = (token: string) => postMobileLogin(mocks.ready.environment, mobileLogin(mocks.ready.environment, token))
const fresh = async () => (await mocks.token(await mocks.fresh('china-mobile'))).token
const refused = (status: number) => ({
  status,
  body: { error: { code: expect.any(String), message: expect.any(String), hint: expect.any(String) } },
})

describe('faults by name', () => {
  const rules = async () => (await mocks.control<{ rules: object; over: string[] }>('GET', '/faults')).body

  it('are put in, changed field by field and taken away, one without touching another', async () => {
    await mocks.control('PATCH', '/faults', { hang: { holdMs: 5 }, wave: { id: 'error-rate', share: 0.5, answer: 'http' } })
    expect(await rules()).toEqual({
      rules: {
        hang: { id: 'hang', share: 1, holdMs: 5 },
        wave: { id: 'error-rate', name: 'wave', share: 0.5, answer: 'http' },
      },
      over: [],
    })
    await mocks.control('PATCH', '/faults', { wave: { share: 0.25, status: 502 } })
    await mocks.control('PATCH', '/faults', { hang: null, wave: { status: null } })
    expect((await rules()).rules).toEqual({ wave: { id: 'error-rate', name: 'wave', share: 0.25, answer: 'http' } })
    await mocks.control('DELETE', '/faults')
    expect((await rules()).rules).toEqual({})
  })

  it('strike and stop striking as they are switched, and are over when their time is', async () => {
    await mocks.control('PATCH', '/faults', { reset: { ttlMs: 60_000 } })
    await expect(login(await fresh())).rejects.toThrow('fetch failed')
    await mocks.control('PATCH', '/faults', { reset: { ttlMs: 0 } })
    expect((await login(await fresh())).json.resultCode).toBe('103000')
    expect((await rules()).over).toEqual(['reset'])
  })

  it.each([
    [{ hang: 5 }],
    [{ hang: { share: 3 } }],
    [{ nonsense: { share: 1 } }],
    [{ wave: { id: 'reset', name: 'other', share: 1 } }],
    [[]],
  ])('are refused as a whole when one of them is wrong: %j', async patch => {
    await mocks.control('PATCH', '/faults', { reset: {} })
    expect(await mocks.control('PATCH', '/faults', patch)).toEqual(refused(400))
    expect(Object.keys((await rules()).rules)).toEqual(['reset'])
  })

  it('take a merge patch by its own media type too', async () => {
    const response = await fetch(`${mocks.ready.controlUrl}/__onetap/faults`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${mocks.ready.controlToken}`, 'content-type': 'application/merge-patch+json' },
      body: '{"reset":{}}',
    })
    expect(await response.json()).toMatchObject({ rules: { reset: { id: 'reset', share: 1 } } })
  })
})

describe('a behaviour patched', () => {
  it('changes a latency field by field, or whole when its kind is given', async () => {
    await mocks.control('PATCH', '/behaviour', { latency: { kind: 'lognormal', medianMs: 5, p99Ms: 9 } })
    const patched = await mocks.control('PATCH', '/behaviour', { latency: { p99Ms: 20 }, faults: { reset: { share: 0.1 } } })
    expect(patched.body).toMatchObject({
      latency: { kind: 'lognormal', medianMs: 5, p99Ms: 20 },
      faults: [{ id: 'reset', share: 0.1 }],
      singleUse: 'strict',
    })
    expect((await mocks.control('PATCH', '/behaviour', { latency: { kind: 'none' } })).body).toMatchObject({
      latency: { kind: 'none' },
    })
  })

  it.each([[{ latency: { kind: 'fixed' } }], [{ latency: null }], [{ mood: 1 }], [{ faults: { reset: 1 } }]])(
    'is refused when it makes no sense: %j',
    async patch => {
      expect(await mocks.control('PATCH', '/behaviour', patch)).toEqual(refused(400))
    },
  )

  it('draws delays of every profile, and steps at its time', async () => {
    const step = { kind: 'step', before: { kind: 'none' }, atMs: 3_600_000, after: { kind: 'fixed', ms: 60_000 } }
    await mocks.control('PATCH', '/behaviour', { latency: step })
    const token = await fresh()
    expect((await login(token)).json.resultCode).toBe('103000')
    const brown = { kind: 'brown-out', base: { kind: 'fixed', ms: 2 }, factor: 3, fromMs: 0, toMs: 3_600_000 }
    await mocks.control('PATCH', '/behaviour', { latency: brown })
    const late = await fresh()
    await login(late)
    expect([await mocks.rows(token), await mocks.rows(late)].flat().map(row => row.intendedUs)).toEqual([0, 6_000])
  })
})

describe('the journal', () => {
  it('is filtered by any field, in a query string too', async () => {
    const token = await fresh()
    await login(token)
    await login(token)
    await login('x')
    const find = async (query: object) =>
      (await mocks.control<{ rows: JournalRow[] }>('POST', '/journal/query', query)).body.rows.map(row => row.resultCode)
    expect(await find({ redeemed: true })).toEqual(['103000'])
    expect(await find({ tokenKind: 'handset' })).toEqual(['103000', '104201'])
    expect(await find({ operation: 'loginTokenValidate', newest: true, limit: 1 })).toHaveLength(1)
    expect(await find({ provider: 'china-unicom' })).toEqual([])
    expect(await find({ fault: 'none', resultCode: '104201' })).toEqual(['104201'])
    const text = await mocks.control<{ rows: JournalRow[] }>(
      'GET',
      `/journal?token=${token}&redeemed=false&httpStatus=200&limit=5`,
    )
    expect(text.body.rows.map(row => row.resultCode)).toEqual(['104201'])
  })

  it.each(['provider=nobody', 'limit=0', 'colour=red', 'redeemed=perhaps', 'fault=gremlin', 'limit=many'])(
    'refuses a filter it does not know: %s',
    async query => {
      expect(await mocks.control('GET', `/journal?${query}`)).toEqual(refused(400))
    },
  )

  it('is forgotten alone: tokens stay spent', async () => {
    const token = await fresh()
    await login(token)
    await mocks.control('DELETE', '/journal')
    expect(await mocks.rows(token)).toEqual([])
    expect((await login(token)).json.resultCode).toBe('104201')
  })
})

describe('verification', () => {
  const verify = async (fields: object) =>
    (await mocks.control<{ ok: boolean; count: number; near: { differs: string }[] }>('POST', '/verify', fields)).body

  it('counts calls that match, and says what was done instead', async () => {
    const token = await fresh()
    await login(token)
    const match = { tokens: [token] }
    expect(await verify({ match })).toMatchObject({ ok: true, conclusive: true, count: 1, pending: 0, near: [] })
    expect(await verify({ match, exactly: 2 })).toMatchObject({ ok: false, conclusive: true, count: 1 })
    expect(await verify({ match, atMost: 0 })).toMatchObject({ ok: false })
    expect(await verify({ match, atLeast: 1, atMost: 3 })).toMatchObject({ ok: true })
    expect(await verify({ match: { ...match, signature: 'bad' } })).toMatchObject({
      ok: false,
      count: 0,
      near: [{ differs: 'signature', row: { token } }],
    })
    expect(await verify({ match: { provider: 'china-telecom' }, exactly: 0 })).toMatchObject({ ok: true })
  })

  it('says when the journal forgot too much to tell', async () => {
    const minted = (tokenIndex: number) =>
      mintToken(SETTINGS.seed, {
        carrier: 'china-mobile',
        tokenIndex,
        subscriberIndex: 3,
        generation: 0,
        appIndex: 0,
        purpose: 'login',
        issuedAtMs: Date.now(),
      })
    for (let i = 0; i < LOAD_RING_SIZE + 50; i += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, n) => login(minted(i + n))))
    }
    const match = { resultCode: '103101' }
    expect(await verify({ match, exactly: 0 })).toMatchObject({ ok: true, conclusive: false })
    expect(await verify({ match: { ...match, tokenKind: 'handset' }, exactly: 0 })).toMatchObject({ ok: true, conclusive: true })
    expect(await verify({ match: { redeemed: true }, atLeast: 5 })).toMatchObject({ ok: true, conclusive: true })
    expect(await verify({ match: { redeemed: true }, atMost: 5 })).toMatchObject({ ok: false, conclusive: true })
    await mocks.control('DELETE', '/journal')
    expect(await verify({ match, exactly: 0 })).toMatchObject({ ok: true, conclusive: true })
  })

  it.each([
    [{ exactly: 1, atMost: 2 }],
    [{ exactly: -1 }],
    [{ atLeast: 3, atMost: 2 }],
    [{ match: { colour: 1 } }],
    [{ match: { httpStatus: '200' } }],
    [{ times: 1 }],
  ])('refuses an expectation that makes no sense: %j', async fields => {
    expect(await mocks.control('POST', '/verify', fields)).toEqual(refused(400))
  })
})

describe('a snapshot', () => {
  const snapshot = async () => (await mocks.control<{ snapshot: string }>('GET', '/snapshot')).body

  it('takes tokens, number lives, clock and behaviour back', async () => {
    const sim = await mocks.fresh('china-mobile')
    const [spent, unspent] = [(await mocks.token(sim)).token, (await mocks.token(sim)).token]
    await login(spent)
    await mocks.behave({ singleUse: 'strict', latency: { kind: 'fixed', ms: 1 } })
    const taken = await snapshot()
    await mocks.behave({ latency: { kind: 'none' } })
    const since = (await mocks.token(sim)).token
    await login(unspent)
    await mocks.control('POST', '/life', { msisdn: sim.msisdn, kind: 'reissued' })
    await mocks.control('POST', '/clock', { advanceMs: 3_600_000 })
    expect(await mocks.control('POST', '/restore', taken)).toEqual({ status: 200, body: { restored: true } })
    expect((await mocks.control('GET', '/behaviour')).body).toMatchObject({ latency: { kind: 'fixed', ms: 1 } })
    expect((await login(spent)).json.resultCode).toBe('104201')
    expect((await login(since)).json.resultCode).toBe('104201')
    expect((await login(unspent)).json).toMatchObject({ resultCode: '103000', msisdn: sim.msisdn })
    const after = (await mocks.token(sim)).token
    expect(after).not.toBe(since)
    expect((await login(after)).json.resultCode).toBe('103000')
  })

  it('fits other mocks of the same seed and no others', async () => {
    const token = await fresh()
    await login(token)
    const taken = await snapshot()
    const [twin, stranger] = [await startedMocks(), await startedMocks({ seed: SETTINGS.seed + 1 })]
    try {
      expect((await twin.control('POST', '/restore', taken)).status).toBe(200)
      const env = twin.ready.environment
      expect((await postMobileLogin(env, mobileLogin(env, token))).json.resultCode).toBe('104201')
      expect(await stranger.control('POST', '/restore', taken)).toEqual(refused(409))
    } finally {
      await Promise.all([twin.close(), stranger.close()])
    }
  })

  it.each([
    [{ snapshot: 'x.y' }, 409],
    [{ snapshot: '' }, 409],
    [{ snapshot: 1 }, 400],
    [{}, 400],
    [{ other: 1 }, 400],
  ] as const)('%j is refused', async (body, status) => {
    expect(await mocks.control('POST', '/restore', body)).toEqual(refused(status))
  })

  it('that was tampered with is refused', async () => {
    const { snapshot: text } = await snapshot()
    const bent = `${text.slice(0, 40)}${text[40] === 'A' ? 'B' : 'A'}${text.slice(41)}`
    expect(await mocks.control('POST', '/restore', { snapshot: bent })).toEqual(refused(409))
  })
})

it('metrics are OpenMetrics text whose figures are the journal’s', async () => {
  await mocks.control('PATCH', '/faults', { 'wrong-echo': { share: 1 } })
  const token = await fresh()
  await login(token)
  await login(token)
  const response = await fetch(`${mocks.ready.controlUrl}/__onetap/metrics`, {
    headers: { authorization: `Bearer ${mocks.ready.controlToken}` },
  })
  expect(response.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
  const text = await response.text()
  const line = /^(?:# (?:TYPE|HELP|UNIT) \S+ .+|[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? -?[\d.e+-]+|# EOF)$/
  expect(text.endsWith('# EOF\n')).toBe(true)
  for (const one of text.trimEnd().split('\n')) expect(one).toMatch(line)
  for (const wanted of [
    'onetap_mocks_calls_total{provider="china-mobile",code="103000"} 1',
    'onetap_mocks_calls_total{provider="china-mobile",code="104201"} 1',
    'onetap_mocks_redeemed_total 1',
    'onetap_mocks_faults_total{fault="wrong-echo"} 2',
    'onetap_mocks_handset_tokens_issued_total 1',
    'onetap_mocks_handset_tokens_live 0',
    'onetap_mocks_intended_delay_seconds_bucket{le="+Inf"} 2',
    'onetap_mocks_intended_delay_seconds_bucket{le="0.0001"} 2',
    'onetap_mocks_delay_error_seconds_count 2',
  ]) {
    expect(text.split('\n')).toContain(wanted)
  }
  const counts = [...text.matchAll(/^onetap_mocks_delay_error_seconds_bucket\{.*\} (\d+)$/gm)].map(match => Number(match[1]))
  expect(counts).toEqual(counts.toSorted((a, b) => a - b))
  expect(text).not.toContain(token)
})

describe('a token for a fresh subscriber', () => {
  it('comes with the subscriber, of the carrier asked for', async () => {
    const { body } = await mocks.control<IssuedToken & { subscriber: HandsetSim }>('POST', '/tokens', {
      fresh: true,
      carrier: 'china-mobile',
    })
    expect((await login(body.token)).json.msisdn).toBe(body.subscriber.msisdn)
  })

  it.each([
    [{ fresh: false }],
    [{ fresh: true, index: 1 }],
    [{ index: 1, carrier: 'china-mobile' }],
    [{ fresh: true, carrier: 'nobody' }],
  ])('%j is refused', async body => {
    expect(await mocks.control('POST', '/tokens', body)).toEqual(refused(400))
  })
})

describe('the Host header', () => {
  it.each(['127.0.0.1', '127.0.0.1:80', 'localhost', 'LOCALHOST:1', '[::1]:8080', '10.0.0.7:9', 'mocks.test:80'])(
    '%s is ours',
    host => {
      expect(isOwnHost(host, ['mocks.test'])).toBe(true)
    },
  )

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'a@127.0.0.1',
    '[::1',
  ])('%s is not', host => {
    expect(isOwnHost(host, ['mocks.test'])).toBe(false)
  })

  it('of a page that rebound its name is refused before anything else, token or none', async () => {
    const { port } = new URL(mocks.ready.controlUrl)
    const status = await new Promise(resolve => {
      request({
        port,
        host: '127.0.0.1',
        path: '/__onetap/identity',
        headers: { host: `evil.example:${port}`, authorization: `Bearer ${mocks.ready.controlToken}` },
      })
        .on('response', response => resolve(response.resume().statusCode))
        .end()
    })
    expect(status).toBe(421)
  })
})
