import { describe, expect, it } from 'vitest'
import { acs3Authorization, acs3BodyHash, acs3Signature, acs3StringToSign } from '../../../mocks/wire/alibaba-acs3.ts'
import { rpcSignature, rpcStringToSign } from '../../../mocks/wire/alibaba-rpc-sign.ts'
import { basicCredentials } from '../../../mocks/wire/basic-auth.ts'
import { chuanglanSign, sealNumber } from '../../../mocks/wire/chuanglan.ts'
import { getuiSign, sealPn } from '../../../mocks/wire/getui.ts'
import { mobTechSign, sealPhone } from '../../../mocks/wire/mobtech.ts'
import { contentMd5, umengSignature, umengStringToSign } from '../../../mocks/wire/umeng.ts'
import { yidunSign } from '../../../mocks/wire/yidun.ts'

/** Worked examples of the public documents, and of our own by their rules (docs/sources.md). */
describe('Alibaba', () => {
  const headers = {
    host: 'dypnsapi.aliyuncs.com',
    'x-acs-action': 'GetMobile',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-acs-date': '2026-11-21T09:20:12Z',
    'x-acs-signature-nonce': '0'.repeat(64),
    'x-acs-version': '2017-05-25',
  }

  it('ACS3-HMAC-SHA256, the document’s request', () => {
    const request = { method: 'POST', path: '/', query: { OutId: 'o-1', AccessToken: 'demo-token' }, headers, body: '' }
    const stringToSign = acs3StringToSign(request, Object.keys(headers))
    expect(stringToSign).toBe('ACS3-HMAC-SHA256\n5a314d110ab5d8fb3708d0591eda8f0b9dfd3021e5d993b76a2df4ed61d407da')
    expect(acs3Signature(stringToSign, 'testsecret')).toBe('940bb2cb808563a2dc9a2544ce01c5c2041b79012fada1a86aacdb7a68610e84')
    expect(acs3BodyHash('')).toBe(headers['x-acs-content-sha256'])
  })

  it('ACS3-HMAC-SHA256, as captured from the SDK, whose bare * is signed as %2A', () => {
    const captured = {
      ...headers,
      host: '127.0.0.1:38293',
      'x-acs-signature-nonce': 'b01ed967fbd59547dbd1670e8b409c73286b27d275fe32d02fc3a5388b70ab1e',
      'x-acs-credentials-provider': 'static_ak',
    }
    const query = { AccessToken: 'tok+en/=~*', OutId: 'o 1' }
    const stringToSign = acs3StringToSign(
      { method: 'POST', path: '/', query, headers: captured, body: '' },
      Object.keys(captured),
    )
    expect(stringToSign.split('\n')[1]).toBe('60c0649779f929b2c1e278ab8a361106ecb14c580cec00f141880ed99e63d5ed')
    expect(acs3Signature(stringToSign, 'testsecret')).toBe('349767342d6723fb191f057b3a4c8484e311cd2917a48486e5512415df84b662')
  })

  it('the Authorization header is read with and without blanks, and only whole', () => {
    const parts = ['Credential=ak', 'SignedHeaders=host;x-acs-date', 'Signature=ff']
    for (const glue of [',', ', ']) {
      expect(acs3Authorization(`ACS3-HMAC-SHA256 ${parts.join(glue)}`)).toEqual({
        algorithm: 'ACS3-HMAC-SHA256',
        accessKeyId: 'ak',
        signedHeaders: ['host', 'x-acs-date'],
        signature: 'ff',
      })
    }
    for (let left = 0; left < 3; left++) {
      expect(acs3Authorization(`ACS3-HMAC-SHA256 ${parts.filter((_, at) => at !== left).join(',')}`)).toBeUndefined()
    }
    for (const header of [undefined, '', 'Bearer x', 'ACS3-HMAC-SHA256']) expect(acs3Authorization(header)).toBeUndefined()
  })

  it('HMAC-SHA1', () => {
    const params = {
      AccessKeyId: 'testid',
      AccessToken: 'demo-token',
      Action: 'GetMobile',
      Format: 'JSON',
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: '0'.repeat(32),
      SignatureVersion: '1.0',
      Timestamp: '2026-11-21T09:20:12Z',
      Version: '2017-05-25',
      Signature: 'left out',
    }
    expect(rpcStringToSign('POST', params)).toBe(
      'POST&%2F&AccessKeyId%3Dtestid%26AccessToken%3Ddemo-token%26Action%3DGetMobile%26Format%3DJSON%26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D00000000000000000000000000000000%26SignatureVersion%3D1.0%26Timestamp%3D2026-11-21T09%253A20%253A12Z%26Version%3D2017-05-25',
    )
    expect(rpcSignature(rpcStringToSign('POST', params), 'testsecret')).toBe('bB/I4AGPDL4cwiTF1XltniNXYqQ=')
    expect(rpcSignature(rpcStringToSign('GET', params), 'testsecret')).toBe('592bIzBhjJ8zIV438Er+BMZASbI=')
  })
})

it('Jiguang, the vendor’s own Basic header', () => {
  const header = 'Basic N2Q0MzFlNDJkZmE2YTZkNjkzYWMyZDA0OjVlOTg3YWM2ZDJlMDRkOTVhOWQ4ZjBkMQ=='
  expect(basicCredentials(header)).toEqual({ user: '7d431e42dfa6a6d693ac2d04', password: '5e987ac6d2e04d95a9d8f0d1' })
  for (const bad of [undefined, 'Basic', 'Basic !!!', 'Basic bm9jb2xvbg==', 'Bearer x']) {
    expect(basicCredentials(bad)).toBeUndefined()
  }
})

it('Chuanglan: login, login with empty fields, number check, AES', () => {
  const login = { token: 'A2-demoToken', appId: 'Yk3XbRp1' }
  expect(chuanglanSign(login, 'tQ9sWfLm')).toBe('45e71e06ae977465a431e5ce3126f6b1b3396eacbc90eac27e3d43fe25488898')
  expect(chuanglanSign({ ...login, clientIp: '', encryptType: '0', outId: '', sign: 'left out' }, 'tQ9sWfLm')).toBe(
    '46cc027c8b5f9433d41fa9b8021624955a221f55a5a5ba24f92e7ce06fb24ad9',
  )
  expect(chuanglanSign({ ...login, mobile: '13900001234' }, 'tQ9sWfLm')).toBe(
    '7e6b4e30b76fdf6144f42805506e6de3979995182ed818b498b9530991029655',
  )
  expect(sealNumber('13900001234', 'tQ9sWfLm')).toBe('9d2c18219ba517e0eb78bcf56bb85791')
})

it('MobTech: sign without and with md5, DES', () => {
  // The example prints what is hashed: the secret stands right behind the last value.
  const secret = '9abee316611wd9ff607feb9f2c496338'
  const fields = {
    operator: 'CMCC',
    appkey: '2f2d7j9wf8a40',
    opToken: 'STsid0000001564046011594demo',
    timestamp: '1564046825531',
    token: '74549593313083392',
    sign: 'left out',
  }
  expect(mobTechSign(fields, secret)).toBe('b0156e9b6a82a5f89dbcdd2da8e97955')
  expect(mobTechSign({ ...fields, md5: '811251dbb9c56b39e2a2d89702be6524' }, secret)).toBe('ea4197502a2ab6459976f5d4a18a5413')
  expect(sealPhone('{"isValid":1,"phone":"13900001234","valid":true}', secret)).toBe(
    'ZfukzNuB5oKbxBKxK9MoYPXQ5wOqYtczIucOxFId4QPx/sWX8GjOyjpVc4tzHtN66o8T+k6d6Xo=',
  )
})

it('Yidun', () => {
  const fields = {
    accessToken: 'nm00112233445566778899',
    businessId: 'fedcba9876543210fedcba9876543210',
    nonce: 'dh2u81hdah129zjk2hlla118snebd2q1',
    secretId: '0123456789abcdef0123456789abcdef',
    timestamp: '1600000000000',
    token: '11112222333344445555666677778888',
    version: 'v1',
    signature: 'left out',
  }
  expect(yidunSign(fields, '00112233445566778899aabbccddeeff')).toBe('bda9b6f458ecf6289332cc41794e2c96')
})

it('Getui: v2 and v1 sign, v2 number', () => {
  const app = { appKey: 'gyAppKeyDemo0001', appSecret: 'gyAppSecretDemo01', masterSecret: 'gyMasterSecretDemo' }
  expect(getuiSign('v2', app, '1600000000000')).toBe('d58cd8b640c75bb4a31c8ce434dff5109b3a4255150a9c9679aaf9f0ee51c5da')
  expect(getuiSign('v1', app, '1600000000000')).toBe('1e09076239fb72f06204305f645065edf939582aaff901dccb35529cb2acffba')
  expect(sealPn('13900001234', app.masterSecret)).toBe('a359a9dccdc1ba08236892ef5edeffe5')
})

it('Umeng: body hash, string to sign, signature', () => {
  const body = '{"token": "demo-token"}'
  const headers = {
    accept: 'application/json',
    'content-md5': contentMd5(body),
    'content-type': 'application/json; charset=UTF-8',
    'x-ca-key': '203800001',
    'x-ca-stage': 'RELEASE',
    'x-ca-timestamp': '1600000000000',
    'x-ca-version': '1',
    'x-ca-nonce': 'not signed',
    'x-ca-signature-headers': 'X-Ca-Version,X-Ca-Key,X-Ca-Timestamp, X-Ca-Stage',
  }
  expect(headers['content-md5']).toBe('zUuj6gbC7CiK1X/CtBu4cg==')
  const stringToSign = umengStringToSign({
    method: 'POST',
    path: '/api/v1/mobile/info',
    query: 'appkey=5f0000000000000000000000',
    headers,
  })
  expect(stringToSign).toBe(
    'POST\napplication/json\nzUuj6gbC7CiK1X/CtBu4cg==\napplication/json; charset=UTF-8\n\nX-Ca-Key:203800001\nX-Ca-Stage:RELEASE\nX-Ca-Timestamp:1600000000000\nX-Ca-Version:1\n/api/v1/mobile/info?appkey=5f0000000000000000000000',
  )
  expect(umengSignature(stringToSign, 'umSecretDemo')).toBe('onbDV7b+P1Ey62WiCCqyV0rC29VN70+DXXlgI8AyzQ0=')
})
