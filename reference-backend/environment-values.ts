import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { SettingsError } from './settings-error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The variables of one thing outside: all of them or none. Throws SettingsError naming those missing. */
export function group<Name extends string>(environment: Environment, names: readonly Name[]): Record<Name, string> | undefined {
  const missing = names.filter(name => (environment[name] ?? '') === '')
  if (missing.length === names.length) return undefined
  if (missing.length > 0) throw new SettingsError(`${names.join(', ')} belong together; missing: ${missing.join(', ')}.`)
  return Object.fromEntries(names.map(name => [name, environment[name]])) as Record<Name, string>
}

/**
 * The variables of one of several things that share an account: `own` decides whether it is there, `shared` must then be too.
 */
export function groupWith<Own extends string, Shared extends string>(
  environment: Environment,
  own: Own,
  shared: readonly Shared[],
): Record<Own | Shared, string> | undefined {
  return (environment[own] ?? '') === '' ? undefined : group(environment, [own, ...shared])
}

export function address(name: string, value: string): URL {
  const url = URL.parse(value)
  if (url === null || !/^https?:$/.test(url.protocol)) throw new SettingsError(`${name} must be an http or https address.`)
  return url
}

export function wholeNumber(environment: Environment, name: string, standard: number, least: number, most: number): number {
  const value = environment[name] ?? ''
  if (value === '') return standard
  const parsed = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(parsed >= least && parsed <= most)) throw new SettingsError(`${name} must be a whole number from ${least} to ${most}.`)
  return parsed
}

/** Milliseconds, parts of one allowed. */
export function milliseconds(environment: Environment, name: string, standard: number, most: number): number {
  const value = environment[name] ?? ''
  if (value === '') return standard
  const parsed = /^\d{1,9}(?:\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN
  if (!(parsed <= most)) throw new SettingsError(`${name} must be a number of milliseconds from 0 to ${most}.`)
  return parsed
}

export function onOrOff(environment: Environment, name: string, standard: boolean): boolean {
  const value = environment[name] ?? ''
  if (value === '') return standard
  if (value !== 'on' && value !== 'off') throw new SettingsError(`${name} must be on or off.`)
  return value === 'on'
}

export function privateKey(name: string, value: string): KeyObject {
  return key(name, 'PKCS#8', () => createPrivateKey({ key: Buffer.from(value, 'base64'), format: 'der', type: 'pkcs8' }))
}

/** Undefined when the variable is absent or empty. */
export function optionalPrivateKey(environment: Environment, name: string): KeyObject | undefined {
  const value = environment[name]
  return value ? privateKey(name, value) : undefined
}

export function publicKey(name: string, value: string): KeyObject {
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
