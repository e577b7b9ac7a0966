import { randomUUID } from 'node:crypto'
import { rpcSignature, rpcStringToSign } from '../../mocks/wire/alibaba-rpc-sign.ts'
import { mintAuthCode, mintToken, type TokenClaims } from '../../src/contract/token.ts'
import { mobileLogin, telecomFields, unicomFields } from '../../test/unit/mocks/backend-side.ts'
import { median, percent, say, writeFigures } from './figures.ts'
import { LOAD_TOOL, type Load, type LoadTarget, saturate } from './saturate.ts'
import { loginTarget, SEED, startBare, startMocks } from './servers.ts'

const FORM = 'application/x-www-form-urlencoded'
const STARTS = 3
/** More than a server answers in a second: a nonce that comes twice is refused. */
const DIFFERENT_PER_SECOND = 40_000

type Environment = Readonly<Record<string, string>>
type Request = Omit<LoadTarget, 'url' | 'pid'>
interface Exchange {
  name: string
  provider: string
  request(env: Environment, seconds: number): Request
}

const EXCHANGES: readonly Exchange[] = [
  {
    name: 'China Mobile, MD5',
    provider: 'china-mobile',
    request: env => json('/unisdk/rsapi/loginTokenValidate', mobileLogin(env, token({ carrier: 'china-mobile' }))),
  },
  {
    name: 'China Mobile, RSA',
    provider: 'china-mobile',
    request: env =>
      json(
        '/unisdk/rsapi/loginTokenValidate',
        mobileLogin(env, token({ carrier: 'china-mobile' }), { encryptionalgorithm: 'RSA' }),
      ),
  },
  {
    name: 'China Unicom',
    provider: 'china-unicom',
    request: env => form('/api/netm/v1.0/qhbt', [unicomFields(env, token({ carrier: 'china-unicom' }))]),
  },
  {
    name: 'China Telecom',
    provider: 'china-telecom',
    request: env => {
      const codes = { accessCode: token({ carrier: 'china-telecom' }), authCode: mintAuthCode(SEED, 0) }
      return form('/auth/sdkcodeinfo.do', [telecomFields(env, codes)])
    },
  },
  {
    name: 'Alibaba GetMobile, RPC',
    provider: 'alibaba-dypns',
    request: (env, seconds) =>
      form(
        '/',
        Array.from({ length: DIFFERENT_PER_SECOND * seconds }, () => getMobile(env)),
      ),
  },
]

/** The ceilings of the other exchanges, each as a share of bare Fastify answering a constant. */
export async function providers(seconds: number): Promise<void> {
  if (LOAD_TOOL !== 'wrk') {
    say('SKIPPED: the other exchanges need wrk')
    return
  }
  const bare: Load[] = []
  const loads = new Map<string, Load[]>(EXCHANGES.map(({ name }) => [name, []]))
  for (let turn = 0; turn < STARTS; turn++) {
    const fastify = await startBare('fastify')
    await saturate(loginTarget(fastify), 1)
    bare.push(await saturate(loginTarget(fastify), seconds))
    await fastify.stop()
    const carriers = ['china-mobile', 'china-unicom', 'china-telecom'] as const
    const mocks = await startMocks({ carriers, providers: ['alibaba-dypns'] })
    for (const { name, provider, request } of EXCHANGES) {
      const { environment = {}, providers: open = [] } = mocks.ready ?? {}
      const url = open.find(one => one.provider === provider)?.url ?? ''
      const target: LoadTarget = { url, pid: mocks.pid, ...request(environment, seconds + 2) }
      await granted(target)
      await saturate({ ...target, bodies: target.bodies.slice(1).length > 0 ? target.bodies.slice(1, 40_000) : target.bodies }, 1)
      const rest = target.bodies.length > 1 ? target.bodies.slice(40_000) : target.bodies
      loads.get(name)?.push(await saturate({ ...target, bodies: rest }, seconds))
    }
    await mocks.stop()
  }
  const whole = median(bare.map(load => load.ratePerSecond))
  say(`\n${'exchange'.padEnd(24)}${'requests/s'.padStart(12)}${'of Fastify'.padStart(12)}${'CPU-s/100k'.padStart(12)}`)
  const rows = [...loads].map(([exchange, all]) => {
    const ratePerSecond = median(all.map(load => load.ratePerSecond))
    const cpuPer100k = median(all.map(load => load.cpuPer100k ?? Number.NaN))
    say(
      `${exchange.padEnd(24)}${ratePerSecond.toFixed(0).padStart(12)}${percent(ratePerSecond / whole).padStart(12)}${cpuPer100k.toFixed(2).padStart(12)}`,
    )
    return { exchange, ratePerSecond, ofFastify: ratePerSecond / whole, cpuPer100k }
  })
  writeFigures('providers', { starts: STARTS, seconds, fastifyPerSecond: whole, rows })
}

/** Refusals come with HTTP 200 too, and measuring them would say nothing. */
async function granted({ url, path, contentType, bodies }: LoadTarget): Promise<void> {
  const [body = ''] = bodies
  const response = await fetch(url + path, { method: 'POST', headers: { 'content-type': contentType }, body })
  const text = await response.text()
  if (!/"resultCode":"103000"|"code":0,|"result":"0"|"Code":"OK"/.test(text)) throw new Error(`${url}${path} refuses: ${text}`)
}

function token(issuer: Pick<TokenClaims, 'carrier' | 'provider'>): string {
  const subscriberIndex = ['china-mobile', 'china-unicom', 'china-telecom'].indexOf(issuer.carrier)
  const rest = { tokenIndex: 0, subscriberIndex, generation: 0, appIndex: 0, purpose: 'login', issuedAtMs: Date.now() } as const
  return mintToken(SEED, { ...issuer, ...rest })
}

function json(path: string, fields: object): Request {
  return { path, contentType: 'application/json', bodies: [JSON.stringify(fields)] }
}

function form(path: string, all: readonly Record<string, string>[]): Request {
  return { path, contentType: FORM, bodies: all.map(fields => new URLSearchParams(fields).toString()) }
}

function getMobile(env: Environment): Record<string, string> {
  const params: Record<string, string> = {
    Action: 'GetMobile',
    Version: '2017-05-25',
    Format: 'JSON',
    AccessKeyId: env.ALIBABA_CLOUD_ACCESS_KEY_ID ?? '',
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: new Date().toISOString().replace(/\.\d{3}Z/, 'Z'),
    AccessToken: token({ carrier: 'china-mobile', provider: 'alibaba-dypns' }),
  }
  const Signature = rpcSignature(rpcStringToSign('POST', params), env.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? '')
  return { ...params, Signature }
}
