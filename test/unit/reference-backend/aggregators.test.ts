import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { acs3Call, rpcCall } from '../../../reference-backend/carriers/alibaba-signature.ts'
import { chuanglanSign } from '../../../reference-backend/carriers/chuanglan.ts'
import { mobtechSign, openedRes } from '../../../reference-backend/carriers/mobtech.ts'
import type { Aggregator } from './fake-outside.ts'
import { type Patient, startPatient } from './patient.ts'

const APP_IDS: Record<Aggregator, string | undefined> = {
  alibaba: undefined,
  jiguang: 'jg-app',
  chuanglan: 'cl-app',
  mobtech: 'mob-app',
}

describe.each(Object.keys(APP_IDS) as Aggregator[])('login by way of %s', carrier => {
  let patient: Patient
  beforeAll(async () => {
    patient = await startPatient()
  })
  afterEach(() => {
    patient.outside.status = undefined
  })
  afterAll(() => patient.close())

  const logIn = async (fields: Record<string, unknown> = {}) => {
    const token = patient.outside.token(carrier, '13780000001')
    const honest = { carrier, appId: APP_IDS[carrier], token, nonce: await patient.nonce(), ...fields }
    // What the carrier redeems is called opToken there; a token of MobTech's own goes along.
    const { token: opToken, ...rest } = honest
    const body = carrier === 'mobtech' ? { ...rest, opToken, token: 'e'.repeat(32), operator: 'CMCC' } : honest
    return patient.post('/v1/login/one-tap', body)
  }

  it('exchanges a token for the number in one signed call', async () => {
    const answer = await logIn()
    expect(answer.status).toBe(200)
    expect((await patient.me(answer.json.tokenA)).json.account.maskedNumber).toBe('137****0001')
    expect(patient.outside.calls.filter(call => call.who === carrier)).toMatchObject([{ signed: true }])
  })

  it('passes on that the token was refused', async () => {
    expect(await logIn({ token: 'f'.repeat(32) })).toMatchObject({
      status: 401,
      json: { error: { code: 'CARRIER_TOKEN_REFUSED' } },
    })
  })

  it('takes a token once', async () => {
    const token = patient.outside.token(carrier, '13780000002')
    expect((await logIn({ token })).status).toBe(200)
    expect((await logIn({ token })).status).toBe(409)
  })

  it('answers 502 when it fails', async () => {
    const nonce = await patient.nonce()
    patient.outside.status = 500
    expect(await logIn({ nonce })).toMatchObject({ status: 502, json: { error: { code: 'CARRIER_UNAVAILABLE' } } })
  })

  it.each(['', 'short', 'x'.repeat(1025), 'a b'.repeat(8), '"'.repeat(32), 1, null, ['x'.repeat(32)]])(
    'refuses the token %j without a call',
    async token => {
      const before = patient.outside.calls.filter(call => call.who === carrier).length
      expect((await logIn({ token })).status).toBe(400)
      expect(patient.outside.calls.filter(call => call.who === carrier).length).toBe(before)
    },
  )

  it('refuses another app, where the route has apps', async () => {
    expect((await logIn({ appId: 'another' })).status).toBe(APP_IDS[carrier] === undefined ? 200 : 403)
  })
})

it.each([
  { opToken: undefined },
  { opToken: 'x' },
  { opToken: 'x&appkey=y'.repeat(4) },
  { operator: 'cmcc' },
  { operator: undefined },
])('MobTech’s second token and operator must fit: %j', async fields => {
  const patient = await startPatient()
  const honest = { carrier: 'mobtech', appId: 'mob-app', token: 'f'.repeat(32), opToken: 'f'.repeat(32), operator: 'CMCC' }
  expect((await patient.post('/v1/login/one-tap', { ...honest, nonce: await patient.nonce(), ...fields })).status).toBe(400)
  expect(patient.outside.calls).toEqual([])
  await patient.close()
})

// The worked examples of the vendors' documents, and of the vendors' own clients.
describe('signatures', () => {
  const access = { accessKeyId: 'testid', accessKeySecret: 'testsecret' }
  const nowMs = Date.parse('2026-11-21T09:20:12Z')

  it('are Alibaba’s ACS3-HMAC-SHA256', () => {
    const parameters = { OutId: 'o-1', AccessToken: 'demo-token' }
    const at = { nowMs, nonce: '0'.repeat(64) }
    const { headers, path } = acs3Call(access, 'dypnsapi.aliyuncs.com', 'GetMobile', '2017-05-25', parameters, at)
    expect(headers.authorization).toContain('Signature=940bb2cb808563a2dc9a2544ce01c5c2041b79012fada1a86aacdb7a68610e84')
    expect(path).toBe('/?AccessToken=demo-token&OutId=o-1')
  })

  it('are Alibaba’s RPC HMAC-SHA1', () => {
    const parameters = { Action: 'GetMobile', AccessToken: 'demo-token', Version: '2017-05-25' }
    const path = rpcCall(access, parameters, { nowMs, nonce: '0'.repeat(32) })
    expect(new URL(path, 'http://x').searchParams.get('Signature')).toBe('bB/I4AGPDL4cwiTF1XltniNXYqQ=')
  })

  it('are Chuanglan’s, empty values included', () => {
    const fields = { token: 'A2-demoToken', appId: 'Yk3XbRp1' }
    expect(chuanglanSign('tQ9sWfLm', fields)).toBe('45e71e06ae977465a431e5ce3126f6b1b3396eacbc90eac27e3d43fe25488898')
    const more = { ...fields, clientIp: '', encryptType: '0', outId: '' }
    expect(chuanglanSign('tQ9sWfLm', more)).toBe('46cc027c8b5f9433d41fa9b8021624955a221f55a5a5ba24f92e7ce06fb24ad9')
  })

  it('are MobTech’s, and its answer opens', () => {
    const res = 'ZfukzNuB5oKbxBKxK9MoYPXQ5wOqYtczIucOxFId4QPx/sWX8GjOyjpVc4tzHtN66o8T+k6d6Xo='
    expect(openedRes('9abee3166111d9ff607feb9f2c496338', res)).toBe('{"isValid":1,"phone":"13900001234","valid":true}')
    expect(openedRes('another secret', res)).toBe('')
    expect(mobtechSign('s', { b: '2', a: '1' })).toMatch(/^[0-9a-f]{32}$/)
  })
})

it('an app that Alibaba does not serve is neither the user’s fault nor an outage that shuts everybody out', async () => {
  const patient = await startPatient()
  const logIn = async () => {
    const token = patient.outside.token('alibaba', '13780000003')
    return patient.post('/v1/login/one-tap', { carrier: 'alibaba', token, nonce: await patient.nonce() })
  }
  patient.outside.alibabaCode = 'isv.INVALID_APP'
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  for (let i = 0; i < 60; i++)
    expect(await logIn()).toMatchObject({ status: 502, json: { error: { code: 'CARRIER_UNAVAILABLE' } } })
  expect(told.mock.calls.flat().join()).toMatch('alibaba refuses this app: isv.INVALID_APP')
  told.mockRestore()
  patient.outside.alibabaCode = undefined
  expect((await logIn()).status).toBe(200)
  await patient.close()
})
