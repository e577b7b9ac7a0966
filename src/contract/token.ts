import { CARRIER_IDS, type CarrierId, carrierOrdinal, isCarrierId } from './carriers.ts'
import { exhaustive } from './json.ts'
import { type ProviderId, providerOrdinal } from './providers.ts'
import { mix32, mixPair, saltOf } from './rng.ts'

/**
 * Carrier tokens are minted by pure code from (seed, index), so that a load generator needs no carrier to fetch them from and the
 * mock checks them without a look-up. A token carries four 32-bit words as 32 lower-case hex digits: token index, subscriber and
 * app, issue time, and a check word over the other three. The three are masked with a key stream drawn from the check word.
 *
 * Shapes: China Mobile `STsid` + `000000` + 13-digit epoch milliseconds + 32 alphanumerics (its server document of 2020-09-24);
 * China Telecom `nm` + 32 hex (3.1); China Unicom's is not documented: 32 hex, assumed. Aggregators either hand the carrier's
 * token through, in its shape, or have opaque ones of their own: a mark of ours and 32 hex.
 */
export type TokenPurpose = 'login' | 'verify'

export interface TokenClaims {
  /** Carrier that served the SIM card at issue. */
  carrier: CarrierId
  /** Who redeems the token, when that is not the carrier itself. */
  provider?: Exclude<ProviderId, CarrierId>
  /** Unique per token. Load counts from 0; a handset's authorisations count from HANDSET_TOKEN_BASE. Below 2^32. */
  tokenIndex: number
  /** Below SUBSCRIBER_LIMIT (24 bits). */
  subscriberIndex: number
  /** SIM generation at issue (0-15): a token of a former holder names a generation that is gone. */
  generation: number
  /** Position of the app in the carrier's list of apps (0-7). */
  appIndex: number
  purpose: TokenPurpose
  issuedAtMs: number
}

/** Tokens issued by a handset count from here, so that load and attacks never share a token index. */
export const HANDSET_TOKEN_BASE = 0x8000_0000

/** Issue times are kept in tenths of a second since 2020-01-01T00:00:00Z, rounded down. 32 bits of them last until August 2033. */
const TIME_ORIGIN_MS = 1_577_836_800_000
const TIME_STEP_MS = 100

/** The time of issue as a token carries it: rounded down to tenths of a second. */
export function issueTimeMs(nowMs: number): number {
  return Math.floor(nowMs / TIME_STEP_MS) * TIME_STEP_MS
}

export function mintToken(seed: number, claims: TokenClaims): string {
  const time = Math.floor((claims.issuedAtMs - TIME_ORIGIN_MS) / TIME_STEP_MS) >>> 0
  const owner =
    (claims.subscriberIndex |
      ((claims.generation & 15) << 24) |
      ((claims.appIndex & 7) << 28) |
      (claims.purpose === 'verify' ? 0x8000_0000 : 0)) >>>
    0
  const check = checkWord(issuerSalt(seed, claims.carrier, claims.provider), claims.tokenIndex, owner, time)
  const body =
    hex8(claims.tokenIndex ^ mix32(check + 1)) + hex8(owner ^ mix32(check + 2)) + hex8(time ^ mix32(check + 3)) + hex8(check)
  if (claims.provider !== undefined) {
    const mark = OPAQUE_MARKS[claims.provider]
    if (mark !== undefined) return mark + body
  }
  switch (claims.carrier) {
    case 'china-mobile':
      return `STsid000000${TIME_ORIGIN_MS + time * TIME_STEP_MS}${body}`
    case 'china-unicom':
      return body
    case 'china-telecom':
      return `nm${body}`
    default:
      return exhaustive(claims.carrier)
  }
}

/** China Telecom's second value, `authCode`: bound to the token it came with. 32 lower-case hex digits. */
export function mintAuthCode(seed: number, tokenIndex: number): string {
  const a = mixPair(seed ^ 0x5eed, tokenIndex)
  const b = mix32(a + 1)
  return hex8(a) + hex8(b) + hex8(mix32(b + 1)) + hex8(mixPair(a, b))
}

const SHAPES: Record<CarrierId, RegExp> = {
  'china-mobile': /^STsid000000(\d{13})([0-9a-f]{32})$/,
  'china-unicom': /^()([0-9a-f]{32})$/,
  'china-telecom': /^nm()([0-9a-f]{32})$/,
}

/** How an opaque token of an aggregator begins. Chuanglan's is seen in the wild, the others are ours. */
const OPAQUE_MARKS: { readonly [Id in ProviderId]?: string } = {
  'alibaba-dypns': 'AL-',
  jiguang: 'JG-',
  chuanglan: 'A2-',
  umeng: 'UM-',
}

/** Reads a token back, byte for byte; undefined when it was not minted with this seed for this carrier or aggregator. */
export function readToken(seed: number, provider: ProviderId, token: string): TokenClaims | undefined {
  if (isCarrierId(provider)) return readShape(seed, provider, undefined, token)
  const mark = OPAQUE_MARKS[provider]
  if (mark === undefined) return firstRead(carrier => readShape(seed, carrier, provider, token))
  if (!token.startsWith(mark)) return undefined
  const body = token.slice(mark.length)
  return OPAQUE_BODY.test(body) ? firstRead(carrier => readBody(seed, carrier, provider, body)) : undefined
}

const OPAQUE_BODY = /^[0-9a-f]{32}$/

/** The carrier is not spelled out in an aggregator's token: the check word fits one of the three. */
function firstRead(read: (carrier: CarrierId) => TokenClaims | undefined): TokenClaims | undefined {
  for (const carrier of CARRIER_IDS) {
    const claims = read(carrier)
    if (claims !== undefined) return claims
  }
  return undefined
}

function readShape(seed: number, carrier: CarrierId, provider: TokenClaims['provider'], token: string): TokenClaims | undefined {
  const match = SHAPES[carrier].exec(token)
  const body = match?.[2]
  if (match === null || body === undefined) return undefined
  const claims = readBody(seed, carrier, provider, body)
  return match[1] !== '' && Number(match[1]) !== claims?.issuedAtMs ? undefined : claims
}

function readBody(seed: number, carrier: CarrierId, provider: TokenClaims['provider'], body: string): TokenClaims | undefined {
  const check = word(body, 3)
  const tokenIndex = (word(body, 0) ^ mix32(check + 1)) >>> 0
  const owner = (word(body, 1) ^ mix32(check + 2)) >>> 0
  const time = (word(body, 2) ^ mix32(check + 3)) >>> 0
  if (checkWord(issuerSalt(seed, carrier, provider), tokenIndex, owner, time) !== check) return undefined
  const issuedAtMs = TIME_ORIGIN_MS + time * TIME_STEP_MS
  return {
    carrier,
    ...(provider === undefined ? {} : { provider }),
    tokenIndex,
    subscriberIndex: owner & 0xff_ffff,
    generation: (owner >>> 24) & 15,
    appIndex: (owner >>> 28) & 7,
    purpose: owner >>> 31 === 1 ? 'verify' : 'login',
    issuedAtMs,
  }
}

/** Binds a token to who redeems it. A carrier's own salt is as it was before there were aggregators: old tokens stay good. */
function issuerSalt(seed: number, carrier: CarrierId, provider: TokenClaims['provider']): number {
  const ordinal = carrierOrdinal(carrier)
  return provider === undefined ? seed + ordinal : mixPair(seed, PROVIDER_SALT + providerOrdinal(provider) * 4 + ordinal)
}

const PROVIDER_SALT = saltOf('token of an aggregator')

function checkWord(salt: number, tokenIndex: number, owner: number, time: number): number {
  return mixPair(mixPair(mixPair(salt, tokenIndex), owner), time)
}

function word(body: string, position: number): number {
  return Number.parseInt(body.slice(position * 8, position * 8 + 8), 16)
}

function hex8(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
