import type { Environment } from '../environment-values.ts'
import { address, group, groupWith, optionalPrivateKey, privateKey, publicKey, wholeNumber } from '../environment-values.ts'
import type { CarrierSettings, NumberCheckSettings, RouteSettings } from './open.ts'
import type { DytnsAccess } from './subscriber-check.ts'

/** Names of the cloud account that three services share. */
const ALIBABA = ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'] as const

/** Reads what the environment says of carriers: all of a carrier's group or none. Throws SettingsError naming what is wrong. */
export function readCarriers(environment: Environment, timeoutMs: number): CarrierSettings {
  return {
    timeoutMs,
    maxConcurrent: wholeNumber(environment, 'CARRIER_MAX_CONCURRENT', 2048, 1, 100_000),
    maxWaiting: wholeNumber(environment, 'CARRIER_MAX_WAITING', 2048, 0, 100_000),
    callsPerSecond: wholeNumber(environment, 'CARRIER_CALLS_PER_SECOND', 20_000, 0, 1_000_000),
    routes: {
      ...readMobile(environment),
      ...readUnicom(environment),
      ...readTelecom(environment),
      ...readAggregators(environment),
    },
    numberChecks: readNumberChecks(environment),
  }
}

/** The service that knows whether a number changed hands; undefined when it is not set up. */
export function readSubscriberCheck(environment: Environment): (DytnsAccess & { url: URL }) | undefined {
  const own = groupWith(environment, 'DYTNS_URL', [...ALIBABA, 'DYTNS_AUTH_CODE'])
  return own && { url: address('DYTNS_URL', own.DYTNS_URL), authCode: own.DYTNS_AUTH_CODE, ...cloudAccess(own) }
}

function readMobile(environment: Environment): RouteSettings {
  const own = group(environment, ['CMCC_URL', 'CMCC_APP_ID', 'CMCC_APP_SECRET'])
  if (own === undefined) return {}
  return {
    'china-mobile': {
      url: address('CMCC_URL', own.CMCC_URL),
      appId: own.CMCC_APP_ID,
      appSecret: own.CMCC_APP_SECRET,
      privateKey: optionalPrivateKey(environment, 'CMCC_PRIVATE_KEY'),
    },
  }
}

function readUnicom(environment: Environment): RouteSettings {
  const own = group(environment, ['CUCC_URL', 'CUCC_API_KEY', 'CUCC_PLATFORM_PUBLIC_KEY', 'CUCC_PACKAGE'])
  if (own === undefined) return {}
  return {
    'china-unicom': {
      url: address('CUCC_URL', own.CUCC_URL),
      apiKey: own.CUCC_API_KEY,
      platformPublicKey: publicKey('CUCC_PLATFORM_PUBLIC_KEY', own.CUCC_PLATFORM_PUBLIC_KEY),
      packageName: own.CUCC_PACKAGE,
    },
  }
}

function readTelecom(environment: Environment): RouteSettings {
  const own = group(environment, ['CTCC_URL', 'CTCC_APP_ID', 'CTCC_APP_SECRET', 'CTCC_PRIVATE_KEY'])
  if (own === undefined) return {}
  return {
    'china-telecom': {
      url: address('CTCC_URL', own.CTCC_URL),
      appId: own.CTCC_APP_ID,
      appSecret: own.CTCC_APP_SECRET,
      privateKey: privateKey('CTCC_PRIVATE_KEY', own.CTCC_PRIVATE_KEY),
    },
  }
}

function readAggregators(environment: Environment): RouteSettings {
  const alibaba = groupWith(environment, 'DYPNS_URL', ALIBABA)
  const jiguang = group(environment, ['JIGUANG_URL', 'JIGUANG_APP_KEY', 'JIGUANG_MASTER_SECRET', 'JIGUANG_PRIVATE_KEY'])
  const chuanglan = group(environment, ['CHUANGLAN_URL', 'CHUANGLAN_APP_ID', 'CHUANGLAN_APP_KEY'])
  const mobtech = group(environment, ['MOBTECH_URL', 'MOBTECH_APP_KEY', 'MOBTECH_APP_SECRET'])
  return {
    ...(alibaba && { alibaba: { url: address('DYPNS_URL', alibaba.DYPNS_URL), ...cloudAccess(alibaba) } }),
    ...(jiguang && {
      jiguang: {
        url: address('JIGUANG_URL', jiguang.JIGUANG_URL),
        appKey: jiguang.JIGUANG_APP_KEY,
        masterSecret: jiguang.JIGUANG_MASTER_SECRET,
        privateKey: privateKey('JIGUANG_PRIVATE_KEY', jiguang.JIGUANG_PRIVATE_KEY),
      },
    }),
    ...(chuanglan && {
      chuanglan: {
        url: address('CHUANGLAN_URL', chuanglan.CHUANGLAN_URL),
        appId: chuanglan.CHUANGLAN_APP_ID,
        appKey: chuanglan.CHUANGLAN_APP_KEY,
        privateKey: optionalPrivateKey(environment, 'CHUANGLAN_PRIVATE_KEY'),
      },
    }),
    ...(mobtech && {
      mobtech: {
        url: address('MOBTECH_URL', mobtech.MOBTECH_URL),
        appKey: mobtech.MOBTECH_APP_KEY,
        appSecret: mobtech.MOBTECH_APP_SECRET,
      },
    }),
  }
}

function readNumberChecks(environment: Environment): NumberCheckSettings {
  const mobile = groupWith(environment, 'CMCC_APP_KEY', ['CMCC_URL', 'CMCC_APP_ID'])
  const alibaba = groupWith(environment, 'DYPNS_URL', ALIBABA)
  return {
    ...(mobile && {
      'china-mobile': { url: address('CMCC_URL', mobile.CMCC_URL), appId: mobile.CMCC_APP_ID, appKey: mobile.CMCC_APP_KEY },
    }),
    ...(alibaba && { alibaba: { url: address('DYPNS_URL', alibaba.DYPNS_URL), ...cloudAccess(alibaba) } }),
  }
}

function cloudAccess(own: Record<(typeof ALIBABA)[number], string>) {
  return { accessKeyId: own.ALIBABA_CLOUD_ACCESS_KEY_ID, accessKeySecret: own.ALIBABA_CLOUD_ACCESS_KEY_SECRET }
}
