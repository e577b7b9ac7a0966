import { randomBytes } from 'node:crypto'
import { readCarriers } from './carriers/environment.ts'
import type { CarrierSettings } from './carriers/open.ts'
import { type Flaws, readFlaws } from './controls/arm.ts'
import { SettingsError } from './settings-error.ts'
import type { StoreSettings } from './stores/open.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What the process was started with. The environment is its only configuration. */
export interface Settings {
  host: string
  /** 0 for any free one. */
  port: number
  /** Echoed by the identity; null when started by hand. */
  runId: string | null
  flaws: Flaws
  session: 'jwt' | 'opaque'
  /** HS256 secret; random when not given, and then sessions end with the process. */
  jwtSecret: Uint8Array<ArrayBuffer>
  /** Shared with the sender of notices; undefined refuses all notices. */
  rebindSecret: string | undefined
  stores: StoreSettings
  nonceTtlMs: number
  extraDelayMs: number
  carriers: CarrierSettings
  /** End when standard input does: the parent is gone. */
  parentPipe: boolean
}

/** Parses the environment. Throws SettingsError with one sentence for the first thing wrong. */
export function readEnvironment(environment: Environment): Settings {
  const text = (name: string): string => environment[name] ?? ''
  const session = text('SESSION') || 'jwt'
  if (session !== 'jwt' && session !== 'opaque') throw new SettingsError('SESSION must be jwt or opaque.')
  return {
    host: text('HOST') || '127.0.0.1',
    port: wholeNumber(environment, 'PORT', 0, 0, 65_535),
    runId: text('ONETAP_RUN_ID') || null,
    flaws: readFlaws(text('FLAWS')),
    session,
    jwtSecret: readJwtSecret(text('JWT_SECRET')),
    rebindSecret: text('REBIND_SECRET') || undefined,
    stores: readStores(text),
    nonceTtlMs: wholeNumber(environment, 'NONCE_TTL_MS', 120_000, 1, 86_400_000),
    extraDelayMs: number(environment, 'EXTRA_DELAY_MS', 0, 60_000),
    carriers: readCarriers(environment, wholeNumber(environment, 'CARRIER_TIMEOUT_MS', 3000, 1, 600_000)),
    parentPipe: text('ONETAP_PARENT_PIPE') === '1',
  }
}

function readJwtSecret(secret: string): Uint8Array<ArrayBuffer> {
  if (secret === '') return new Uint8Array(randomBytes(32))
  const bytes = new TextEncoder().encode(secret)
  // RFC 7518 3.2: a key at least as long as the digest, or it can be guessed offline from any token.
  if (bytes.length < 32) throw new SettingsError('JWT_SECRET must be at least 32 bytes.')
  return new Uint8Array(bytes)
}

function readStores(text: (name: string) => string): StoreSettings {
  const databaseUrl = text('DATABASE_URL')
  const redisUrl = text('REDIS_URL')
  const keyPrefix = text('KEY_PREFIX') || 'onetap'
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(keyPrefix)) throw new SettingsError('KEY_PREFIX must be 1 to 40 letters, digits, _ or -.')
  if ((databaseUrl === '') !== (redisUrl === '')) {
    throw new SettingsError('DATABASE_URL and REDIS_URL must be given both, or neither for the embedded stores.')
  }
  if (databaseUrl !== '') return { kind: 'postgres+redis', databaseUrl, redisUrl, keyPrefix }
  return { kind: 'embedded', sqlitePath: text('SQLITE_PATH') || ':memory:' }
}

function wholeNumber(environment: Environment, name: string, standard: number, least: number, most: number): number {
  const value = environment[name] ?? ''
  if (value === '') return standard
  const parsed = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(parsed >= least && parsed <= most)) throw new SettingsError(`${name} must be a whole number from ${least} to ${most}.`)
  return parsed
}

function number(environment: Environment, name: string, standard: number, most: number): number {
  const value = environment[name] ?? ''
  if (value === '') return standard
  const parsed = /^\d{1,9}(?:\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN
  if (!(parsed <= most)) throw new SettingsError(`${name} must be a number of milliseconds from 0 to ${most}.`)
  return parsed
}
