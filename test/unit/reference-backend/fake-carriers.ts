import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  privateEncrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { xxteaDecrypt } from './xxtea-decrypt.ts'

/** What a fake carrier does with its next calls instead of the usual. */
export type Trouble =
  | { kind: 'status'; status: number }
  | { kind: 'text'; text: string }
  | { kind: 'system-code' }
  | { kind: 'hang' }
  | { kind: 'break-off' }
  | { kind: 'wrong-number' }
  /** China Mobile: right, but for the type of the code; right, but for whose request it answers. */
  | { kind: 'numeric-code' }
  | { kind: 'wrong-echo' }
  | { kind: 'redirect'; to: string }
  /** Answers after so long; `once`: the next call only. */
  | { kind: 'late'; ms: number; once: boolean }

interface Call {
  carrier: 'china-mobile' | 'china-unicom' | 'china-telecom'
  token: string
  /** The fake's own check of the request's signature. */
  signed: boolean
}

/** Three carriers on one loopback port, written for these tests from the documents and sharing nothing with the backend. */
export interface FakeCarriers {
  environment: Record<string, string>
  calls: Call[]
  /** Every path asked for, known or not. */
  paths: string[]
  /** A new token that stands for the number; China Telecom also wants AUTH_CODE. */
  token(carrier: Call['carrier'], msisdn: string): string
  /** `lenient`: a token is exchanged again and again. */
  singleUse: 'strict' | 'lenient'
  trouble: Trouble | undefined
  close(): Promise<void>
}

export const AUTH_CODE = '0123456789abcdef0123456789abcdef'

const platform = generateKeyPairSync('rsa', { modulusLength: 1024 })
const partner = generateKeyPairSync('rsa', { modulusLength: 1024 })

export async function startFakeCarriers(): Promise<FakeCarriers> {
  const numbers = new Map<string, string>()
  const fake: FakeCarriers = {
    environment: {},
    calls: [],
    paths: [],
    singleUse: 'strict',
    trouble: undefined,
    token: (carrier, msisdn) => {
      const body = randomBytes(16).toString('hex')
      const token = { 'china-mobile': `STsid0000001551151128045${body}`, 'china-unicom': body, 'china-telecom': `nm${body}` }[
        carrier
      ]
      numbers.set(`${carrier}:${token}`, msisdn)
      return token
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  const redeem: Redeem = (carrier, token) => {
    const number = numbers.get(`${carrier}:${token}`)
    if (fake.singleUse === 'strict') numbers.delete(`${carrier}:${token}`)
    return number
  }
  const server = createServer((request, response) => {
    serve(fake, redeem, request, response).catch(error => response.destroy(error))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  fake.environment = environmentFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return fake
}

function environmentFor(url: string): Record<string, string> {
  return {
    CMCC_URL: url,
    CMCC_APP_ID: '10000001',
    CMCC_APP_SECRET: 'cmcc-secret',
    CMCC_APP_KEY: 'cmcc-key',
    CUCC_URL: url,
    CUCC_API_KEY: '0123456789abcdef',
    CUCC_PLATFORM_PUBLIC_KEY: platform.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    CUCC_PACKAGE: 'app.example',
    CTCC_URL: url,
    CTCC_APP_ID: '8000000001',
    CTCC_APP_SECRET: 'ctcc-secret-longer-than-16',
    CTCC_PRIVATE_KEY: partnerPrivateKey(),
  }
}

/** Base64 PKCS#8: also what China Mobile's RSA mode is given. */
export function partnerPrivateKey(): string {
  return partner.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
}

type Redeem = (carrier: Call['carrier'], token: string) => string | undefined

async function serve(fake: FakeCarriers, redeem: Redeem, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString('utf8')
  const answer = answers[request.url ?? '']?.(body, fake, redeem)
  const trouble = fake.trouble
  fake.paths.push(request.url ?? '')
  if (trouble?.kind === 'hang') return
  if (trouble?.kind === 'redirect') {
    response.writeHead(307, { location: trouble.to }).end()
    return
  }
  if (trouble?.kind === 'late') {
    if (trouble.once) fake.trouble = undefined
    await new Promise(resolve => setTimeout(resolve, trouble.ms))
  }
  if (trouble?.kind === 'status') response.writeHead(trouble.status).end('{}')
  else if (trouble?.kind === 'text') response.end(trouble.text)
  else if (trouble?.kind === 'break-off')
    response.writeHead(200, { 'content-length': '100' }).write('{"re', () => response.destroy())
  else if (answer === undefined) response.writeHead(404).end()
  else response.end(JSON.stringify(answer))
}

type Answer = (body: string, fake: FakeCarriers, redeem: Redeem) => Record<string, unknown>

const answers: Record<string, Answer> = {
  '/unisdk/rsapi/loginTokenValidate': (body, fake, redeem) => {
    const r = JSON.parse(body) as Record<string, string>
    const rsa = r.encryptionalgorithm === 'RSA'
    const plain = `${r.appid}${r.version}${r.msgid}${r.systemtime}${r.strictcheck}${r.token}cmcc-secret`
    const signed = rsa
      ? createVerify('RSA-SHA256').update(`${r.appid}${r.token}`).verify(partner.publicKey, r.sign!, 'hex')
      : r.sign === createHash('md5').update(plain).digest('hex').toUpperCase()
    fake.calls.push({ carrier: 'china-mobile', token: r.token!, signed: signed && /^\d{17}$/.test(r.systemtime!) })
    const head = { inresponseto: fake.trouble?.kind === 'wrong-echo' ? 'other' : r.msgid, systemtime: r.systemtime }
    if (fake.trouble?.kind === 'system-code') return { ...head, resultCode: '103413' }
    const number = redeem('china-mobile', r.token!)
    if (number === undefined) return { ...head, resultCode: '104201' }
    const msisdn = fake.trouble?.kind === 'wrong-number' ? 'unknown' : number
    const resultCode = fake.trouble?.kind === 'numeric-code' ? 103000 : '103000'
    return { ...head, resultCode, taskId: '1', msisdn: rsa ? sealed(msisdn).toString('hex') : msisdn }
  },
  '/openapi/rs/tokenValidate': (text, fake, redeem) => {
    const { header, body } = JSON.parse(text)
    const plain = header.appId + header.msgId + body.phoneNum + header.timestamp + body.token + header.version
    const signed = body.sign === createHmac('sha256', 'cmcc-key').update(plain).digest('hex').toUpperCase()
    fake.calls.push({ carrier: 'china-mobile', token: body.token, signed })
    const number = redeem('china-mobile', body.token)
    const hashed = createHash('sha256').update(`${number}cmcc-key${header.timestamp}`).digest('hex').toUpperCase()
    const resultCode = number === undefined ? '606' : hashed === body.phoneNum ? '000' : '001'
    return {
      header: { msgId: header.msgId, timestamp: header.timestamp, appId: header.appId, resultCode },
      body: { resultDesc: '' },
    }
  },
  '/api/netm/v1.0/qhbt': (body, fake, redeem) => {
    const f = Object.fromEntries(new URLSearchParams(body)) as Record<string, string>
    const text = `${f.apiKey}/api/netm/v1.0/qhbt?apiKey=${f.apiKey}&params=${f.params}&paramsKey=${f.paramsKey}`
    const signed = f.sign === createHash('md5').update(text).digest('hex')
    const opened = privateDecrypt(rsa(platform.privateKey), Buffer.from(f.paramsKey!, 'base64')).toString('latin1')
    const decipher = createDecipheriv('aes-128-cbc', opened.slice(0, 16), opened.slice(16))
    const params = JSON.parse(decipher.update(f.params!, 'base64', 'utf8') + decipher.final('utf8'))
    fake.calls.push({ carrier: 'china-unicom', token: params.data.accessCode, signed: signed && params.app.pk === 'app.example' })
    if (fake.trouble?.kind === 'system-code') return { code: 9999, msg: 'system error' }
    const number = redeem('china-unicom', params.data.accessCode)
    if (number === undefined) return { code: 104201, msg: 'token' }
    const mobile = fake.trouble?.kind === 'wrong-number' ? 'unknown' : number
    const keyAndIv = 'abcdefghijklmnopABCDEFGHIJKLMNOP'
    const cipher = createCipheriv('aes-128-cbc', keyAndIv.slice(0, 16), keyAndIv.slice(16))
    const data = cipher.update(JSON.stringify({ mobile }), 'utf8', 'base64') + cipher.final('base64')
    const aesKey = privateEncrypt(rsa(platform.privateKey), Buffer.from(keyAndIv)).toString('base64')
    return { code: 0, msg: 'ok', obj: { data, aesKey } }
  },
  '/auth/sdkcodeinfo.do': (body, fake, redeem) => {
    const f = Object.fromEntries(new URLSearchParams(body)) as Record<string, string>
    const verify = createVerify('RSA-SHA1').update(`${f.appId}json${f.params}${f.timeStamp}`)
    const signed = /^[0-9A-F]+$/.test(f.sign!) && verify.verify(partner.publicKey, f.sign!, 'hex')
    const params = new URLSearchParams(xxteaDecrypt(Buffer.from(f.params!, 'hex'), 'ctcc-secret-longer-than-16').toString())
    const token = params.get('accessCode') ?? ''
    fake.calls.push({ carrier: 'china-telecom', token, signed: signed && params.get('authCode') === AUTH_CODE })
    if (fake.trouble?.kind === 'system-code') return { result: '-99999', msg: 'internal' }
    const number = redeem('china-telecom', token)
    if (number === undefined) return { result: '51114', msg: 'cannot get the number' }
    const mobile = fake.trouble?.kind === 'wrong-number' ? 'unknown' : number
    return {
      result: '0',
      msg: 'ok',
      data: sealed(JSON.stringify({ mobile, state: '' }))
        .toString('hex')
        .toUpperCase(),
    }
  },
}

function sealed(text: string): Buffer {
  return publicEncrypt(rsa(partner.publicKey), Buffer.from(text))
}

function rsa(key: KeyObject) {
  return { key, padding: constants.RSA_PKCS1_PADDING }
}
