import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAssumptions } from '../../../mocks/assumptions.ts'
import { parseBehaviour } from '../../../mocks/behaviour.ts'
import { parts } from '../../../mocks/parts.ts'
import { parseSettings } from '../../../mocks/settings.ts'
import { parseLifetimes, parseReuse, ruleFor } from '../../../mocks/token-rules.ts'
import { SmsCodes } from '../../../mocks/wire/sms-codes.ts'
import { isProviderId, PROVIDER_IDS } from '../../../src/contract/providers.ts'
import { SETTINGS, type StartedMocks, startedMocks } from './started-mocks.ts'

describe('a provider', () => {
  it.each(parts)('$id says what is known and what is guessed, with a source each', part => {
    expect(isProviderId(part.id)).toBe(true)
    expect(part.about).toMatch(/\.$/)
    expect(part.facts.length).toBeGreaterThan(0)
    for (const { about, source } of part.facts) expect([about, source]).not.toContain('')
  })

  it.each(parts.filter(part => part.assumptions !== undefined))('$id can be told each of its other guesses', part => {
    for (const [name, answers] of Object.entries(part.assumptions ?? {})) {
      expect(answers.length, name).toBeGreaterThan(1)
      for (const answer of answers)
        expect(parseAssumptions({ [`${part.id}.${name}`]: answer })).toEqual({ [`${part.id}.${name}`]: answer })
    }
  })

  it('is there once, and every id that people may type has one', () => {
    expect(parts.map(part => part.id).sort()).toEqual([...PROVIDER_IDS].sort())
  })
})

describe('over the wire', () => {
  it.each([
    [[], 'must be an object'],
    [{ 'jiguang.colour': 'red' }, 'no provider assumes'],
    [{ 'nobody.http-status': '200' }, 'no provider assumes'],
    [{ 'jiguang.toString': '200' }, 'no provider assumes'],
    [{ 'jiguang.http-status': '500' }, 'must be one of 200, 400'],
    [{ 'jiguang.http-status': 200 }, 'must be one of 200, 400'],
  ])('assumptions %j are refused: %s', (value, why) => {
    expect(parseAssumptions(value)).toContain(why)
    expect(parseBehaviour({ assumptions: value })).toMatchObject({ problem: expect.stringContaining(why) })
  })

  it.each([
    [{}, 'must be a list'],
    [[{ lifetimeMs: 0 }], 'above 0'],
    [[{ lifetimeMs: 1e12 }], 'above 0'],
    [[{ lifetimeMs: '1' }], 'above 0'],
    [[{ lifetimeMs: 1, provider: 'nobody' }], 'provider is unknown'],
    [[{ lifetimeMs: 1, carrier: 'jiguang' }], 'carrier is unknown'],
    [[{ lifetimeMs: 1, purpose: 'both' }], 'purpose must be'],
    [[{ lifetimeMs: 1 }, { lifetimeMs: 1, ms: 2 }], 'lifetimes[1]: unknown field "ms"'],
  ])('lifetimes %j are refused: %s', (value, why) => {
    expect(parseLifetimes(value)).toContain(why)
    expect(parseBehaviour({ lifetimes: value })).toMatchObject({ problem: expect.stringContaining(why) })
  })

  it.each([
    [{}, 'must be a list'],
    [[{ singleUse: 'never' }], 'must be "strict" or "lenient"'],
    [[{ singleUse: 'strict', provider: 'nobody' }], 'provider is unknown'],
    [[{ singleUse: 'strict', lifetimeMs: 1 }], 'reuse[0]: unknown field "lifetimeMs"'],
  ])('rules of reuse %j are refused: %s', (value, why) => {
    expect(parseReuse(value)).toContain(why)
    expect(parseBehaviour({ reuse: value })).toMatchObject({ problem: expect.stringContaining(why) })
  })

  it('the last rule that fits a token holds', () => {
    const rules = [
      { carrier: 'china-mobile' as const, lifetimeMs: 1 },
      { purpose: 'verify' as const, lifetimeMs: 2 },
    ]
    const token = { carrier: 'china-mobile', purpose: 'verify' } as const
    expect(ruleFor(rules, token)?.lifetimeMs).toBe(2)
    expect(ruleFor(rules, { ...token, purpose: 'login' })?.lifetimeMs).toBe(1)
    expect(ruleFor(rules, { ...token, carrier: 'china-unicom', purpose: 'login' })).toBeUndefined()
    expect(ruleFor(undefined, token)).toBeUndefined()
  })

  it('settings keep providers, lifetimes and assumptions, and refuse unknown providers', () => {
    const behaviour = { ...SETTINGS.behaviour, lifetimes: [{ lifetimeMs: 5 }], assumptions: { 'getui.bad-sign': '40044' } }
    const settings = { ...SETTINGS, providers: ['jiguang', 'getui'], behaviour, ports: { control: 0, jiguang: 0 } }
    expect(parseSettings(JSON.stringify(settings))).toMatchObject(settings)
    expect(() => parseSettings(JSON.stringify({ ...settings, providers: ['nobody'] }))).toThrow('providers must be some of')
    expect(() => parseSettings(JSON.stringify({ ...settings, ports: { nobody: 1 } }))).toThrow('ports.nobody')
  })
})

describe('providers beside the carriers', () => {
  let mocks: StartedMocks
  beforeAll(async () => {
    mocks = await startedMocks({ carriers: ['china-mobile'], providers: ['jiguang', 'alibaba-dytns', 'china-mobile'] })
  })
  afterAll(() => mocks.close())

  const authorize = async (url: string, body: object) => {
    const response = await fetch(`${url}/handset/v1/authorize`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('stand behind them in the ready line, each once, with their environment', () => {
    expect(mocks.ready.providers.map(one => one.provider)).toEqual(['china-mobile', 'jiguang', 'alibaba-dytns'])
    expect(mocks.ready.environment).toMatchObject({ JIGUANG_URL: mocks.url('jiguang'), DYTNS_URL: mocks.url('alibaba-dytns') })
    expect(mocks.ready.providers.map(one => Object.keys(one.keys ?? {})[0])).toEqual(['CMCC_URL', 'JIGUANG_URL', 'DYTNS_URL'])
    expect(Object.assign({}, ...mocks.ready.providers.map(one => one.keys))).toEqual(mocks.ready.environment)
  })

  it('issue their tokens to a phone at its carrier’s port and at their own', async () => {
    const { imsi } = await mocks.fresh('china-mobile')
    const appId = mocks.appId('jiguang')
    const viaCarrier = await authorize(mocks.url('china-mobile'), { imsi, appId, provider: 'jiguang' })
    const direct = await authorize(mocks.url('jiguang'), { imsi, appId, purpose: 'verify' })
    for (const { status, body } of [viaCarrier, direct]) {
      expect(status).toBe(200)
      expect(body).toMatchObject({ provider: 'jiguang', carrier: 'china-mobile', appId, token: expect.stringMatching(/^JG-/) })
    }
  })

  it('issue none for an app, a provider or a SIM card that is not theirs', async () => {
    const { imsi } = await mocks.fresh('china-mobile')
    const appId = mocks.appId('jiguang')
    const at = mocks.url('china-mobile')
    expect((await authorize(at, { imsi, appId })).body).toMatchObject({ error: { code: 'APP_UNKNOWN' } })
    expect((await authorize(at, { imsi, appId, provider: 'mobtech' })).body).toMatchObject({
      error: { code: 'PROVIDER_UNKNOWN' },
    })
    expect((await authorize(at, { imsi, appId, provider: 'alibaba-dytns' })).body).toMatchObject({
      error: { code: 'PROVIDER_UNKNOWN' },
    })
    expect((await authorize(mocks.url('jiguang'), { imsi: '460000000000000x', appId })).status).toBe(403)
    const { status } = await mocks.control('POST', '/tokens', { index: 0, provider: 'alibaba-dytns' })
    expect(status).toBe(400)
  })
})

it('codes by SMS hold for their time, once, and are overwritten or kept as ordered', () => {
  const codes = new SmsCodes(3)
  const use = (code: string, nowMs: number) => codes.use('k', one => one === code, nowMs)
  codes.sent('k', 'a', 1000, 0, true)
  expect([codes.waitMs('k', 60, 10), codes.waitMs('k', 60, 60), codes.waitMs('other', 60, 10)]).toEqual([50, 0, 0])
  expect([use('a', 1000), use('b', 999), use('a', 999), use('a', 999)]).toEqual([false, false, true, false])
  codes.sent('k', 'b', 1000, 0, true)
  codes.sent('k', 'c', 1000, 0, false)
  expect([use('b', 1), use('c', 1)]).toEqual([true, true])
  codes.sent('k', 'd', 1000, 0, true)
  codes.sent('k', 'e', 1000, 0, true)
  expect([use('d', 1), use('e', 1)]).toEqual([false, true])
  codes.sent('k', 'f', 1000, 0, true)
  codes.reset()
  expect(use('f', 1)).toBe(false)
  expect(codes.draw(6, '0123456789')).toMatch(/^\d{6}$/)
  expect(codes.draw(8, 'ab')).not.toBe(codes.draw(8, 'ab'))
})
