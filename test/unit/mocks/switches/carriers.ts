import { createPrivateKey, sign } from 'node:crypto'
import { xxteaEncrypt, xxteaKeyOfBytes } from '../../../../mocks/wire/xxtea.ts'
import type { CarrierId } from '../../../../src/contract/carriers.ts'
import {
  mobileLogin,
  openMobileNumber,
  openTelecom,
  openUnicom,
  postMobileLogin,
  postNumberCheck,
  postNumberCheckByRsa,
  postTelecom,
  postUnicom,
  telecomFields,
  unicomFields,
} from '../backend-side.ts'
import { opens, type Probe, type ProbeDesk, type Probes, SYSTEM_ERROR, THROTTLED } from './probe.ts'

/** What an app meets whose phone loses its mobile data. */
const phoneProbes = (carrier: CarrierId): Probes => {
  const phone = async (desk: ProbeDesk) => {
    const { imsi } = await desk.mocks.fresh(carrier)
    const ask = async (path: string, fields: object = {}) => {
      const body = JSON.stringify({ imsi, appId: desk.mocks.appId(carrier), ...fields })
      const reply = await fetch(`${desk.mocks.url(carrier)}/handset/v1/${path}`, { method: 'POST', body })
      return ((await reply.json()) as { way?: string }).way ?? 'none'
    }
    return ask
  }
  return {
    'mask-cache': async desk => {
      const ask = await phone(desk)
      await ask('prefetch')
      const soon = await ask('prefetch')
      await desk.ahead(11 * 60_000)
      return [soon, await ask('prefetch')]
    },
    'temporary-token': async desk => {
      const ask = await phone(desk)
      await ask('authorize')
      await ask('connection', { wifi: true, mobileData: false })
      return [await ask('authorize'), await ask('authorize')]
    },
  }
}

const login = async ({ env, fresh }: ProbeDesk, change: Record<string, unknown> = {}) => {
  const { token } = await fresh('china-mobile')
  return postMobileLogin(env, mobileLogin(env, token, change))
}
const code = async (desk: ProbeDesk, change: Record<string, unknown> = {}) => (await login(desk, change)).json.resultCode

export const chinaMobile: Probes = {
  ...phoneProbes('china-mobile'),
  'rsa-padding': async desk => {
    const { json } = await login(desk, { encryptionalgorithm: 'RSA' })
    return /^\d{11}$/.test(
      opens(() => openMobileNumber(desk.env, json.msisdn)) === 'opens' ? openMobileNumber(desk.env, json.msisdn) : '',
    )
  },
  'http-status': async desk => (await login(desk, { sign: 'WRONG' })).status,
  'time-zone': async desk => {
    const { systemtime } = (await login(desk)).json as unknown as { systemtime: string }
    const [day, hour] = [systemtime.slice(0, 8), systemtime.slice(8, 10)]
    const written = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${hour}:00:00Z`)
    return Math.round((written - Date.now()) / 3_600_000) > 4
  },
  unreadable: async ({ env }) => {
    const reply = await fetch(`${env.CMCC_URL}/unisdk/rsapi/loginTokenValidate`)
    return ((await reply.json()) as { resultCode: string }).resultCode
  },
  'check-order': ({ env }) => postMobileLogin(env, mobileLogin(env, '', { sign: 'WRONG' })).then(reply => reply.json.resultCode),
  'system-error': desk => desk.during([SYSTEM_ERROR], () => code(desk)),
  throttled: desk => desk.during([THROTTLED], () => code(desk)),
  systemtime: desk => code(desk),
  'repeated-msgid': async desk => [await code(desk, { msgid: 'm' }), await code(desk, { msgid: 'm' })],
  quota: async desk => {
    const calls = async (count: number) => Promise.all(Array.from({ length: count }, () => shaped(desk)))
    const shaped = ({ env }: ProbeDesk) => postMobileLogin(env, mobileLogin(env, `STsid0000001551151128045${'K'.repeat(32)}`))
    for (let sent = 0; sent < 1000; sent += 100) await calls(100)
    return (await shaped(desk)).json.resultCode
  },
  'check-rsa-encoding': async ({ env, fresh }) => {
    const { token, sim } = await fresh('china-mobile', { purpose: 'verify' })
    return (await postNumberCheckByRsa(env, token, sim.msisdn, 'base64')).json.header.resultCode
  },
  'check-unknown-app': async ({ env }) =>
    (await postNumberCheck(env, 'x', '13900000000', { header: { appId: 'nobody' } })).json.header.resultCode,
  'check-login-token': async ({ env, fresh }) => {
    const { token, sim } = await fresh('china-mobile')
    return (await postNumberCheck(env, token, sim.msisdn)).json.header.resultCode
  },
}

const exchange = async ({ env, fresh }: ProbeDesk, change: Record<string, string> = {}, extra: object = {}) => {
  const { token } = await fresh('china-unicom', extra)
  return postUnicom(env, unicomFields(env, token, change))
}

const upperSign: Probe = async desk => {
  const { token } = await desk.fresh('china-unicom')
  const fields = unicomFields(desk.env, token)
  return (await postUnicom(desk.env, { ...fields, sign: fields.sign!.toUpperCase() })).json.code
}

export const chinaUnicom: Probes = {
  ...phoneProbes('china-unicom'),
  'params-encoding': async desk => (await exchange(desk)).json.code,
  'sign-case': async desk => [(await exchange(desk)).json.code, await upperSign(desk)],
  'reply-layout': async desk => typeof openUnicom(desk.env, (await exchange(desk)).json.obj),
  'http-status': async desk => (await exchange(desk, { sign: 'wrong' })).status,
  'dead-token': async ({ env }) => (await postUnicom(env, unicomFields(env, 'a'.repeat(32)))).json.code,
  'foreign-token': async desk => (await exchange(desk, {}, { purpose: 'verify' })).json.code,
  'reply-key': async desk => {
    const keys = [await exchange(desk), await exchange(desk), await exchange(desk)].map(reply => reply.json.obj.aesKey)
    return new Set(keys).size === 3
  },
  'check-reply': async ({ env, fresh }) => {
    const { token } = await fresh('china-unicom', { purpose: 'verify' })
    return (await postUnicom(env, unicomFields(env, token, {}, { mobile: '13900000000' }), 'qhbv')).json.code
  },
}

const ask = async ({ env, fresh }: ProbeDesk, change: Record<string, string> = {}, codes: object = {}) => {
  const { token, authCode = '' } = await fresh('china-telecom')
  return postTelecom(env, telecomFields(env, { accessCode: token, authCode, ...codes }, change))
}

const telecomSign = (env: Record<string, string>, fields: Record<string, string>): string => {
  const key = createPrivateKey({ key: Buffer.from(env.CTCC_PRIVATE_KEY!, 'base64'), format: 'der', type: 'pkcs8' })
  return sign('sha1', Buffer.from(`${fields.appId}${fields.format}${fields.params}${fields.timeStamp}`), key).toString('hex')
}

const minutesAgo = (minutes: number): Record<string, string> => ({ timeStamp: String(Date.now() - minutes * 60_000) })

export const chinaTelecom: Probes = {
  ...phoneProbes('china-telecom'),
  'sign-case': async ({ env, fresh }) => {
    const { token, authCode = '' } = await fresh('china-telecom')
    const fields = telecomFields(env, { accessCode: token, authCode })
    return (await postTelecom(env, { ...fields, sign: telecomSign(env, fields) })).json.result
  },
  'xxtea-key': async desk => (await ask(desk)).json.result,
  'data-encoding': async desk => /^[0-9A-F]{256}$/.test((await ask(desk)).json.data),
  'data-layout': async desk => {
    const { data } = (await ask(desk)).json
    return opens(() => openTelecom(desk.env, data))
  },
  'failure-codes': async desk => (await ask(desk, { sign: 'AB' })).json.result,
  'dead-token': async desk => (await ask(desk, {}, { accessCode: `nm${'0'.repeat(32)}` })).json.result,
  'time-window': async desk => [(await ask(desk, minutesAgo(10))).json.result, (await ask(desk, minutesAgo(20))).json.result],
  'check-order': async desk => (await ask(desk, { ...minutesAgo(20), sign: 'AB' })).json.result,
  'http-status': async desk => (await ask(desk, { sign: 'AB' })).status,
}

/** The other reading of Telecom's secret opens what was sealed with it. */
export async function telecomByMd5({ env, fresh }: ProbeDesk, md5: Buffer): Promise<string> {
  const { token, authCode = '' } = await fresh('china-telecom')
  const plain = new URLSearchParams({ accessCode: token, authCode }).toString()
  const params = xxteaEncrypt(Buffer.from(plain), xxteaKeyOfBytes(md5)).toString('hex')
  return (await postTelecom(env, telecomFields(env, {}, { params }))).json.result
}
