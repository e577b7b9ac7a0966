import { createPublicKey, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openAes, sealAes } from '../../../mocks/wire/aes.ts'
import { beijingTime17 } from '../../../mocks/wire/beijing-time.ts'
import { hashedNumber, numberCheckSign } from '../../../mocks/wire/china-mobile-check-seals.ts'
import { md5Sign, rsaSignHolds } from '../../../mocks/wire/china-mobile-login.ts'
import { telecomSignHolds } from '../../../mocks/wire/china-telecom-exchange.ts'
import { unicomSign } from '../../../mocks/wire/china-unicom-exchange.ts'
import { formFields, jsonObject, onlyStrings, text } from '../../../mocks/wire/string-fields.ts'
import { xxteaDecrypt, xxteaEncrypt, xxteaKey } from '../../../mocks/wire/xxtea.ts'

/** Public key A of the reference's appendix; its private half was thrown away. */
const KEY_A: KeyObject = createPublicKey({
  key: Buffer.from(
    'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDs9HCYe0/tNFZDO+oyl8we1bPLCsnfHgruySyjfLrJph+JExw9QfMj/zUa8Q2YaGFPKdIWHQEIsO3Ta3Tfdg/BznHv89ur0WyPV0pxH2OmaJSRQLch1LDBysNpRIEdQ2zAMFQv5klw1ejDtzfA8z6E47ia1gi1Or45qT31hTpeTQIDAQAB',
    'base64',
  ),
  format: 'der',
  type: 'spki',
})
const SECRET = '00112233445566778899AABBCCDDEEFF'

describe('worked examples of the public documents', () => {
  const login = {
    appid: '10000001',
    version: '2.0',
    msgid: 'bed1dc7f6cd645b9be9006ae08040c93',
    systemtime: '20190226111842617',
    strictcheck: '0',
    token: 'STsid0000001551151128045KPXuevVDFWyMSy00gbDjxTnn3BVKqXJJ',
  }

  it('China Mobile, loginTokenValidate, MD5', () => {
    expect(md5Sign(login, SECRET)).toBe('CA3DA7AB1A8B0E828C998BE6D6ADE082')
  })

  it('China Mobile, loginTokenValidate, RSA', () => {
    const sign =
      'e7de1b3af47d5e5a0ee0e052e9a1e80c5d0033df40a287af5bfdb4bb8820a247dc9c48ba831b5da68c52d3f74f63f06cdf2b7334a76c19e000b566649eabd008fd77e61fd15bebee676b84dea143525c5bc5e65ab48ce2fab1fd0ee5aa6327b0a72226737c4bfc4b0c8aec15f306e8e98e539bbdb0f0730f58a1fd250910e31f'
    const app = { partner: { publicKey: KEY_A, privateKey: KEY_A } }
    expect(rsaSignHolds({ ...login, sign }, app)).toBe(true)
    expect(rsaSignHolds({ ...login, token: `${login.token}x`, sign }, app)).toBe(false)
    expect(rsaSignHolds({ ...login, sign: `${sign}zz` }, app)).toBe(false)
  })

  it('China Mobile, tokenValidate, HMAC', () => {
    const timestamp = '20180104090953788'
    const phoneNum = hashedNumber('13900001234', SECRET, timestamp)
    expect(phoneNum).toBe('3F4EE20C3A200D8FD1D06CD4DB7B5829012902474C9B9E22F358E924BB25C096')
    // The reference prints appId and msgId run together; the split does not matter to an undelimited concatenation.
    const header = { appId: '3000666666666', msgId: '8ADFF305C7FCB3E1B1AECC130792FBD0', timestamp, version: '1.0' }
    const body = { phoneNum, token: 'STsid0000001515028196605yc1oYNTuPlTlLT10AR3ywr2WApEq14JH' }
    expect(numberCheckSign({ header, body }, SECRET)).toBe('07888252B8B3D1A67E34213177524744CE92F5E771507B2118DE4B262DE7D6BD')
  })

  it('China Unicom, qhbt', () => {
    const fields = { apiKey: '0123456789abcdef0123456789abcdef', params: 'UEFSQU1T', paramsKey: 'S0VZ' }
    expect(unicomSign(fields)).toBe('517f9156879a1ccf80dde7098cec4064')
  })

  it('China Telecom, sdkcodeinfo.do', () => {
    const sign =
      '02800F1DEA67F9C93DE14707AF54A52D149FC217AC041452D3C5928356F8D590049E37B64AF1E9B60E1234EB8E2779E4BC427454632CE3887744E09AFBDEE8B4F1FD3437CE076C019262F098ADA9E2CF9760B2AB86C95F395E44B6B8BE6563F66181A1D097EA159AE44E34E897DCA0D97A94DB8173EF32EDF1BD1579389D6311'
    const fields = { appId: '8000000001', format: 'json', params: '0a1b2c3d', timeStamp: '1594289871596', sign }
    expect(telecomSignHolds(fields, KEY_A)).toBe(true)
    expect(telecomSignHolds({ ...fields, timeStamp: '1594289871597' }, KEY_A)).toBe(false)
  })
})

describe('XXTEA', () => {
  const key = xxteaKey('1234567890')

  it('agrees with the vector that the public implementations print', () => {
    const sealed = 'QncB1C0rHQoZ1eRiPM4dsZtRi9pNrp7sqvX76cFXvrrIHXL6'
    expect(xxteaEncrypt(Buffer.from('Hello World! 你好，中国！'), key).toString('base64')).toBe(sealed)
    expect(xxteaDecrypt(Buffer.from(sealed, 'base64'), key)?.toString()).toBe('Hello World! 你好，中国！')
  })

  it('makes 52 bytes of accessCode= and a 34-character code, as the carrier’s sample has', () => {
    expect(xxteaEncrypt(Buffer.from(`accessCode=nm${'0'.repeat(32)}`), key)).toHaveLength(52)
  })

  it('opens what it sealed, and almost never what another key sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.string({ maxLength: 20 }), (plain, secret) => {
        const sealed = xxteaEncrypt(Buffer.from(plain), xxteaKey(secret))
        expect(xxteaDecrypt(sealed, xxteaKey(secret))).toEqual(Buffer.from(plain))
      }),
    )
    const sealed = xxteaEncrypt(Buffer.from('accessCode=a&authCode=b'), key)
    expect(xxteaDecrypt(sealed, xxteaKey('0987654321'))).toBeUndefined()
    for (const broken of [sealed.subarray(1), sealed.subarray(0, 4), Buffer.alloc(0)])
      expect(xxteaDecrypt(broken, key)).toBeUndefined()
  })
})

it('the AES envelope opens with its key only, and says so instead of throwing', () => {
  const keyAndIv = '0123456789abcdeffedcba9876543210'
  const sealed = sealAes(keyAndIv, '{"mobile":"13900001234"}')
  expect(openAes(keyAndIv, sealed)).toBe('{"mobile":"13900001234"}')
  expect(openAes('00000000000000000000000000000000', sealed)).toBeUndefined()
  for (const wrong of ['', 'short', `${keyAndIv}0`]) expect(openAes(wrong, sealed)).toBeUndefined()
  for (const wrong of ['', '!!!!', 'AAAA']) expect(openAes(keyAndIv, wrong)).toBeUndefined()
})

it('Beijing time has 17 digits and is eight hours ahead', () => {
  expect(beijingTime17(Date.UTC(2019, 1, 26, 3, 18, 42, 617))).toBe('20190226111842617')
  expect(beijingTime17(Date.UTC(2019, 11, 31, 16, 0, 0, 5))).toBe('20200101000000005')
  expect(beijingTime17(Date.UTC(2019, 11, 31, 16, 0, 0, 6) + 0.7)).toBe('20200101000000006')
})

it('fields are read only when they are text, come once and are the request’s own', () => {
  expect(formFields('a=1&b=%20x')).toEqual({ a: '1', b: ' x' })
  expect(formFields('a=1&a=2')).toBeUndefined()
  expect(onlyStrings({ a: '1', b: 2 })).toBeUndefined()
  expect(onlyStrings([])).toBeUndefined()
  for (const body of ['', '[]', 'null', '"x"', '{', '1']) expect(jsonObject(body)).toBeUndefined()
  for (const name of ['toString', '__proto__', 'constructor']) expect(text({}, name)).toBe('')
})
