import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { SettingsError } from '../settings-error.ts'
import type { CarrierSettings } from './open.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Reads CMCC_*, CUCC_* and CTCC_*: all of a carrier's group or none. Throws SettingsError naming what is missing or unreadable. */
export function readCarriers(environment: Environment, timeoutMs: number): CarrierSettings {
  const mobile = group(environment, ['CMCC_URL', 'CMCC_APP_ID', 'CMCC_APP_SECRET'])
  const unicom = group(environment, ['CUCC_URL', 'CUCC_API_KEY', 'CUCC_PLATFORM_PUBLIC_KEY', 'CUCC_PACKAGE'])
  const telecom = group(environment, ['CTCC_URL', 'CTCC_APP_ID', 'CTCC_APP_SECRET', 'CTCC_PRIVATE_KEY'])
  const mobileKey = environment.CMCC_PRIVATE_KEY
  return {
    timeoutMs,
    ...(mobile && {
      'china-mobile': {
        url: address('CMCC_URL', mobile.CMCC_URL),
        appId: mobile.CMCC_APP_ID,
        appSecret: mobile.CMCC_APP_SECRET,
        privateKey: mobileKey ? privateKey('CMCC_PRIVATE_KEY', mobileKey) : undefined,
      },
    }),
    ...(unicom && {
      'china-unicom': {
        url: address('CUCC_URL', unicom.CUCC_URL),
        apiKey: unicom.CUCC_API_KEY,
        platformPublicKey: publicKey('CUCC_PLATFORM_PUBLIC_KEY', unicom.CUCC_PLATFORM_PUBLIC_KEY),
        packageName: unicom.CUCC_PACKAGE,
      },
    }),
    ...(telecom && {
      'china-telecom': {
        url: address('CTCC_URL', telecom.CTCC_URL),
        appId: telecom.CTCC_APP_ID,
        appSecret: telecom.CTCC_APP_SECRET,
        privateKey: privateKey('CTCC_PRIVATE_KEY', telecom.CTCC_PRIVATE_KEY),
      },
    }),
  }
}

function group<Name extends string>(environment: Environment, names: readonly Name[]): Record<Name, string> | undefined {
  const missing = names.filter(name => (environment[name] ?? '') === '')
  if (missing.length === names.length) return undefined
  if (missing.length > 0) throw new SettingsError(`${names.join(', ')} belong together; missing: ${missing.join(', ')}.`)
  return Object.fromEntries(names.map(name => [name, environment[name]])) as Record<Name, string>
}

function address(name: string, value: string): URL {
  const url = URL.parse(value)
  if (url === null || !/^https?:$/.test(url.protocol)) throw new SettingsError(`${name} must be an http or https address.`)
  return url
}

function privateKey(name: string, value: string): KeyObject {
  return key(name, 'PKCS#8', () => createPrivateKey({ key: Buffer.from(value, 'base64'), format: 'der', type: 'pkcs8' }))
}

function publicKey(name: string, value: string): KeyObject {
  return key(name, 'SPKI', () => createPublicKey({ key: Buffer.from(value, 'base64'), format: 'der', type: 'spki' }))
}

/** The reason is OpenSSL's and says nothing a person could use; the key itself must not be printed. */
function key(name: string, form: string, read: () => KeyObject): KeyObject {
  try {
    return read()
  } catch (error) {
    throw new SettingsError(`${name} must be an RSA key, ${form} DER in base64.`, { cause: error })
  }
}
