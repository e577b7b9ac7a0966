import { hash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MOCK_SWITCHES } from '../../../mocks/assumptions.ts'
import { parts } from '../../../mocks/parts.ts'
import { PROVIDER_IDS, type ProviderId } from '../../../src/contract/providers.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'
import { chuanglan, getuiProbes, jiguang, mobtech, umeng, yidun } from './switches/aggregators.ts'
import { dypns, dytns } from './switches/alibaba.ts'
import { camara } from './switches/camara.ts'
import { chinaMobile, chinaTelecom, chinaUnicom, telecomByMd5 } from './switches/carriers.ts'
import { netease, qq, wechat, weibo } from './switches/identity.ts'
import { type ProbeDesk, type Probes, probeDesk } from './switches/probe.ts'

/** What a backend sees of each switch, whatever it is set to. */
const PROBES: Readonly<Record<ProviderId, Probes>> = {
  'china-mobile': chinaMobile,
  'china-unicom': chinaUnicom,
  'china-telecom': chinaTelecom,
  'alibaba-dypns': dypns,
  'alibaba-dytns': dytns,
  jiguang,
  chuanglan,
  mobtech,
  yidun,
  getui: getuiProbes,
  umeng,
  camara,
  'sms-gateway': {
    'per-number-limit': async ({ env, mocks, ahead }) => {
      const { msisdn: to } = await mocks.fresh('china-mobile')
      const send = async () => {
        const body = { to, template: 'login-code', params: { code: '1' }, clientRef: String(Math.random()) }
        const headers = { authorization: `Bearer ${env.SMS_API_KEY}`, 'content-type': 'application/json' }
        return (await fetch(`${env.SMS_URL}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(body) })).status
      }
      const inOneMinute = [await send(), await send()]
      await ahead(60_000)
      const more: number[] = []
      for (let sent = 0; sent < 4; sent++) more.push(await send())
      return [inOneMinute, more]
    },
  },
  weibo,
  qq,
  wechat,
  netease,
}

let mocks: StartedMocks
let desk: ProbeDesk
beforeAll(async () => {
  mocks = await startedMocks({ providers: PROVIDER_IDS })
  desk = probeDesk(mocks)
})
afterAll(() => mocks.close())
afterEach(async () => {
  await mocks.behave({ assumptions: {}, faults: [] })
})

describe.each(parts)('what $id assumes', part => {
  it('can be switched, each guess by a switch that exists and each switch for a guess', () => {
    const own = Object.keys(part.assumptions ?? {})
    const named = part.facts.flatMap(fact => (fact.mark === 'assumed' ? [fact.switch] : []))
    expect(named.filter(name => !own.includes(name) && !MOCK_SWITCHES.includes(name))).toEqual([])
    const shared = part.facts.map(fact => fact.source).join(' ')
    expect(own.filter(name => !named.includes(name) && !shared.includes(name))).toEqual([])
    expect(Object.keys(PROBES[part.id]).sort()).toEqual(own.sort())
  })

  it.each(Object.entries(part.assumptions ?? {}))('%s: a backend sees the difference', async (name, answers) => {
    const seen: unknown[] = []
    for (const answer of answers) {
      await mocks.control('POST', '/reset')
      await mocks.behave({ assumptions: { [`${part.id}.${name}`]: answer } })
      seen.push(await PROBES[part.id][name]!(desk))
    }
    expect(new Set(seen.map(one => JSON.stringify(one) ?? 'nothing')).size, JSON.stringify(seen)).toBe(answers.length)
  })
})

it('Telecom’s other reading of the secret is the MD5 of it', async () => {
  const md5 = hash('md5', mocks.ready.environment.CTCC_APP_SECRET!, 'buffer')
  expect(await telecomByMd5(desk, md5)).toBe('-20102')
  await mocks.behave({ assumptions: { 'china-telecom.xxtea-key': 'md5' } })
  expect(await telecomByMd5(desk, md5)).toBe('0')
})
