import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { readCarriers, readSubscriberCheck } from './carriers/environment.ts'
import type { CarrierSettings } from './carriers/open.ts'
import type { DytnsAccess } from './carriers/subscriber-check.ts'
import { type Flaws, readFlaws } from './controls/arm.ts'
import type { DialectId } from './dialects/dialect.ts'
import { dialects, isDialectId } from './dialects/index.ts'
import { address, type Environment, group, milliseconds, onOrOff, privateKey, wholeNumber } from './environment-values.ts'
import { type Limits, readLimits } from './limits.ts'
import type { SmsAccess } from './messages/sms-gateway.ts'
import { type ProviderSettings, readProviders } from './providers/open.ts'
import { SettingsError } from './settings-error.ts'
import type { StoreSettings } from './stores/open.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A key by its id, which tokens carry: it must not change while tokens under it live. */
export interface JwtSecret {
  kid: string
  secret: Bytes
}

/** What the process was started with. The environment is its only configuration. */
export interface Settings {
  host: string
  /** 0 for any free one. */
  port: number
  /** Echoed by the identity; null when started by hand. */
  runId: string | null
  flaws: Flaws
  session: 'jwt' | 'opaque'
  dialect: DialectId
  /** Of what a dialect leaves to chance. */
  dialectSeed: number
  /** Whether the stages of a login are timed (observe/stage-times.ts). */
  stageTiming: boolean
  /** RSA key that signs instead of the secret (RS256); undefined for HS256. */
  jwtPrivateKey: KeyObject | undefined
  /** HS256 secret; random when not given, and then sessions end with the process. */
  jwt: JwtSecret
  /** The secret before it, still good for tokens it signed. */
  jwtPrevious: JwtSecret | undefined
  /** Shared with the sender of notices; undefined refuses all notices. */
  rebindSecret: string | undefined
  stores: StoreSettings
  nonceTtlMs: number
  extraDelayMs: number
  limits: Limits
  /** Whether an account may have one identity of each type only. */
  oneIdentityPerType: boolean
  /** Addresses of proxies whose X-Forwarded-For is believed; empty for none. */
  trustedProxies: readonly string[]
  /** A line on stderr for each login. */
  logLogins: boolean
  carriers: CarrierSettings
  /** Asked at each login by a known number; undefined when off. */
  subscriberCheck: (DytnsAccess & { url: URL }) | undefined
  providers: ProviderSettings
  sms: SmsAccess | undefined
  /** Where e-mails are written down; undefined keeps them in memory only. */
  outboxFile: string | undefined
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
    dialect: readDialect(text('DIALECT') || 'rest'),
    dialectSeed: wholeNumber(environment, 'DIALECT_SEED', 1, 0, 999_999_999),
    stageTiming: text('STAGE_TIMING') === '1',
    ...readJwt(text),
    jwtPrivateKey: readJwtPrivateKey(environment),
    rebindSecret: text('REBIND_SECRET') || undefined,
    stores: readStores(text),
    nonceTtlMs: wholeNumber(environment, 'NONCE_TTL_MS', 120_000, 1, 86_400_000),
    extraDelayMs: milliseconds(environment, 'EXTRA_DELAY_MS', 0, 60_000),
    limits: readLimits(text('LIMITS')),
    oneIdentityPerType: onOrOff(environment, 'ONE_IDENTITY_PER_TYPE', false),
    trustedProxies: readProxies(text('TRUSTED_PROXY')),
    logLogins: onOrOff(environment, 'LOG_LOGINS', false),
    carriers: readCarriers(environment, wholeNumber(environment, 'CARRIER_TIMEOUT_MS', 3000, 1, 600_000)),
    subscriberCheck: onOrOff(environment, 'SUBSCRIBER_CHECK', true) ? readSubscriberCheck(environment) : undefined,
    providers: readProviders(environment),
    sms: readSms(environment),
    outboxFile: text('OUTBOX_FILE') || undefined,
    parentPipe: text('ONETAP_PARENT_PIPE') === '1',
  }
}

function readDialect(text: string): DialectId {
  if (isDialectId(text)) return text
  throw new SettingsError(`DIALECT: there is no dialect "${text}"; known: ${Object.keys(dialects).join(', ')}.`)
}

function readJwt(text: (name: string) => string): Pick<Settings, 'jwt' | 'jwtPrevious'> {
  const kid = text('JWT_KID') || 'k1'
  const previousKid = text('JWT_PREVIOUS_KID') || 'k0'
  const previous = text('JWT_PREVIOUS_SECRET')
  for (const id of [kid, previousKid]) {
    if (!/^[A-Za-z0-9_-]{1,40}$/.test(id))
      throw new SettingsError('JWT_KID and JWT_PREVIOUS_KID must be 1 to 40 letters, digits, _ or -.')
  }
  if (previous !== '' && kid === previousKid) throw new SettingsError('JWT_KID and JWT_PREVIOUS_KID must differ.')
  return {
    jwt: { kid, secret: readJwtSecret('JWT_SECRET', text('JWT_SECRET')) },
    jwtPrevious: previous === '' ? undefined : { kid: previousKid, secret: readJwtSecret('JWT_PREVIOUS_SECRET', previous) },
  }
}

/** Random when not given, as the secret is. 2048 bits: RFC 7518 3.3 wants no fewer. */
function readJwtPrivateKey(environment: Environment): KeyObject | undefined {
  const algorithm = environment.JWT_ALG || 'HS256'
  const given = environment.JWT_PRIVATE_KEY ?? ''
  if (algorithm !== 'HS256' && algorithm !== 'RS256') throw new SettingsError('JWT_ALG must be HS256 or RS256.')
  if (algorithm === 'HS256') return undefined
  if ((environment.JWT_PREVIOUS_SECRET ?? '') !== '') throw new SettingsError('JWT_PREVIOUS_SECRET is for HS256 only.')
  if (given === '') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const key = privateKey('JWT_PRIVATE_KEY', given)
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048)
    throw new SettingsError('JWT_PRIVATE_KEY must have at least 2048 bits.')
  return key
}

function readJwtSecret(name: string, secret: string): Bytes {
  if (secret === '') return new Uint8Array(randomBytes(32))
  const bytes = new TextEncoder().encode(secret)
  // RFC 7518 3.2: a key at least as long as the digest, or it can be guessed offline from any token.
  if (bytes.length < 32) throw new SettingsError(`${name} must be at least 32 bytes.`)
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

function readProxies(text: string): string[] {
  const addresses = text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
  for (const one of addresses) {
    if (!/^[0-9a-fA-F:.]+(?:\/\d{1,3})?$/.test(one))
      throw new SettingsError('TRUSTED_PROXY must be addresses or networks, comma between.')
  }
  return addresses
}

function readSms(environment: Environment): SmsAccess | undefined {
  const own = group(environment, ['SMS_URL', 'SMS_API_KEY'])
  return own && { url: address('SMS_URL', own.SMS_URL), apiKey: own.SMS_API_KEY }
}
