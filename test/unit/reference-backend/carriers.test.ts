import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { beijingTime } from '../../../reference-backend/carriers/china-mobile.ts'
import { xxteaEncrypt } from '../../../reference-backend/carriers/xxtea.ts'
import { partnerPrivateKey, type Trouble } from './fake-carriers.ts'
import { type CarrierId, type Patient, startPatient } from './patient.ts'
import { xxteaDecrypt } from './xxtea-decrypt.ts'

const CARRIERS: readonly CarrierId[] = ['china-mobile', 'china-unicom', 'china-telecom']

describe.each(CARRIERS)('the client of %s', carrier => {
  let patient: Patient
  beforeAll(async () => {
    patient = await startPatient({ CARRIER_TIMEOUT_MS: '300' })
  })
  afterEach(() => {
    patient.carriers.trouble = undefined
  })
  afterAll(() => patient.close())

  it('exchanges a token for the number in one signed call', async () => {
    const before = patient.carriers.calls.length
    const answer = await patient.login('13812345678', {}, carrier)
    expect(answer.status).toBe(200)
    expect(patient.carriers.calls.slice(before)).toMatchObject([{ carrier, signed: true }])
    expect((await patient.me(answer.json.tokenA)).json.account.maskedNumber).toBe('138****5678')
  })

  it('passes on that the carrier refused the token', async () => {
    const unknown = patient.carriers.token(carrier, '13800000000').replace(/.{4}$/, 'ffff')
    const answer = await patient.login('13800000000', { token: unknown }, carrier)
    expect(answer).toMatchObject({ status: 401, json: { error: { code: 'CARRIER_TOKEN_REFUSED' } } })
  })

  const troubles: readonly Trouble[] = [
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'status', status: 302 },
    { kind: 'text', text: '<html>' },
    { kind: 'text', text: '' },
    { kind: 'text', text: '[]' },
    { kind: 'text', text: '{}' },
    { kind: 'text', text: '{"resultCode":103000,"code":"0","result":0,"msisdn":"13800000000"}' },
    { kind: 'text', text: '{"inresponseto":"other","resultCode":"103000","code":0,"result":"0","msisdn":"13800000000"}' },
    { kind: 'text', text: 'x'.repeat(200_000) },
    { kind: 'system-code' },
    { kind: 'wrong-number' },
    { kind: 'break-off' },
    { kind: 'hang' },
  ]
  it.each(troubles)('answers 502 and calls once when the carrier has trouble: %j', async trouble => {
    patient.carriers.trouble = trouble
    const before = patient.carriers.calls.length
    const answer = await patient.login('13800000000', {}, carrier)
    expect(answer).toMatchObject({ status: 502, json: { error: { code: 'CARRIER_UNAVAILABLE' } } })
    expect(patient.carriers.calls.length - before).toBe(1)
    expect(answer.text).not.toContain('13800000000')
  })

  it('works again once the carrier does', async () => {
    expect((await patient.login('13812345678', {}, carrier)).status).toBe(200)
  })
})

it('signs and opens by RSA when China Mobile is given a private key', async () => {
  const patient = await startPatient({ CMCC_PRIVATE_KEY: partnerPrivateKey() })
  const answer = await patient.login('13812345678')
  expect(answer.status).toBe(200)
  expect(patient.carriers.calls).toMatchObject([{ signed: true }])
  await patient.close()
})

it('writes the time as China Mobile wants it, in Beijing', () => {
  expect(beijingTime(Date.parse('2019-02-26T03:18:42.617Z'))).toBe('20190226111842617')
})

it('enciphers by XXTEA as the public libraries do', () => {
  const cipher = xxteaEncrypt(Buffer.from('Hello World! 你好，中国！'), Buffer.from('1234567890'))
  expect(cipher.toString('base64')).toBe('QncB1C0rHQoZ1eRiPM4dsZtRi9pNrp7sqvX76cFXvrrIHXL6')
})

it.each([1, 3, 4, 5, 64])('enciphers %i bytes by XXTEA so that they can be read back', length => {
  const plain = Buffer.from('x'.repeat(length))
  expect(xxteaDecrypt(xxteaEncrypt(plain, Buffer.from('a key that is too long')), 'a key that is too long')).toEqual(plain)
})
