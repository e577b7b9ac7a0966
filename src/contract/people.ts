import { CARRIER_IDS, type CarrierId } from './carriers.ts'
import { mixPair } from './rng.ts'

/**
 * Subscribers are a bijection from an index: any of ten million numbers in constant memory.
 * Index i belongs to carrier i mod 3; within a carrier the number is an affine permutation over that carrier's ranges.
 */
export const SUBSCRIBER_LIMIT = 10_000_000

/**
 * Mobile prefixes assigned to each carrier by the Chinese numbering plan; three digits, on which reading a number back relies.
 * 134 is left out: it is Mobile's only up to 1348.
 */
export const NUMBER_PREFIXES: Record<CarrierId, readonly string[]> = {
  'china-mobile': [
    '135',
    '136',
    '137',
    '138',
    '139',
    '147',
    '150',
    '151',
    '152',
    '157',
    '158',
    '159',
    '178',
    '182',
    '183',
    '184',
    '187',
    '188',
    '195',
    '198',
  ],
  'china-unicom': ['130', '131', '132', '145', '155', '156', '166', '175', '176', '185', '186', '196'],
  'china-telecom': ['133', '149', '153', '173', '177', '180', '181', '189', '191', '193', '199'],
}

/** Mobile network code within MCC 460, the first used by each carrier. */
const MNC: Record<CarrierId, string> = { 'china-mobile': '00', 'china-unicom': '01', 'china-telecom': '11' }

const DIGITS_PER_PREFIX = 100_000_000

export interface Subscriber {
  index: number
  carrier: CarrierId
  /** Eleven digits, no country code. */
  msisdn: string
  /** Fifteen digits: MCC 460, MNC, generation of the SIM card, index. */
  imsi: string
}

export function subscriberAt(seed: number, index: number): Subscriber {
  const carrier = CARRIER_IDS[index % CARRIER_IDS.length] ?? 'china-mobile'
  const { multiplier, offset, size, prefixes } = numberSpace(seed, carrier)
  const ordinal = Math.floor(index / CARRIER_IDS.length)
  const place = (ordinal * multiplier + offset) % size
  return { index, carrier, msisdn: spellNumber(prefixes, place), imsi: imsiOf(carrier, index, 0) }
}

/** The subscriber index that owns a number, or undefined when none of the ten million does. */
export function indexOfNumber(seed: number, msisdn: string): number | undefined {
  for (const [position, carrier] of CARRIER_IDS.entries()) {
    const { multiplier, offset, size, prefixes } = numberSpace(seed, carrier)
    const prefix = prefixes.indexOf(msisdn.slice(0, 3))
    if (prefix < 0 || !/^\d{11}$/.test(msisdn)) continue
    const place = prefix * DIGITS_PER_PREFIX + Number(msisdn.slice(3))
    const shifted = (place - offset + size) % size
    const ordinal = Number((BigInt(shifted) * inverse(multiplier, size)) % BigInt(size))
    const index = ordinal * CARRIER_IDS.length + position
    return index < SUBSCRIBER_LIMIT ? index : undefined
  }
  return undefined
}

/** IMSI of the `generation`-th SIM card (0 = the first) that subscriber `index` holds. */
export function imsiOf(carrier: CarrierId, index: number, generation: number): string {
  return `460${MNC[carrier]}${String(generation).padStart(3, '0')}${String(index).padStart(7, '0')}`
}

/** `138****5678`: the four middle digits hidden, as every carrier's page shows it. */
export function maskNumber(msisdn: string): string {
  return `${msisdn.slice(0, 3)}****${msisdn.slice(7)}`
}

interface NumberSpace {
  multiplier: number
  offset: number
  size: number
  prefixes: readonly string[]
}

/** The spaces of the seed asked for last: every call asks for the same ones. */
let spacesSeed = Number.NaN
const spaces = new Map<CarrierId, NumberSpace>()

function numberSpace(seed: number, carrier: CarrierId): NumberSpace {
  if (seed !== spacesSeed) {
    spacesSeed = seed
    spaces.clear()
  }
  const known = spaces.get(carrier)
  if (known !== undefined) return known
  const space = computeNumberSpace(seed, carrier)
  spaces.set(carrier, space)
  return space
}

function computeNumberSpace(seed: number, carrier: CarrierId): NumberSpace {
  const prefixes = NUMBER_PREFIXES[carrier]
  const size = prefixes.length * DIGITS_PER_PREFIX
  const salt = prefixes.length
  // ordinal < 3.4e6 and multiplier < 2^31, so the product stays below 2^53.
  let multiplier = (mixPair(seed, salt) % 1_900_000_000) | 1
  while (greatestCommonDivisor(multiplier, size) !== 1) multiplier += 2
  return { multiplier, offset: mixPair(seed, salt + 1) % size, size, prefixes }
}

function spellNumber(prefixes: readonly string[], place: number): string {
  const prefix = prefixes[Math.floor(place / DIGITS_PER_PREFIX)] ?? '135'
  return prefix + String(place % DIGITS_PER_PREFIX).padStart(8, '0')
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

function inverse(value: number, modulus: number): bigint {
  let [oldR, r] = [BigInt(value), BigInt(modulus)]
  let [oldS, s] = [1n, 0n]
  while (r !== 0n) {
    const quotient = oldR / r
    ;[oldR, r] = [r, oldR - quotient * r]
    ;[oldS, s] = [s, oldS - quotient * s]
  }
  return ((oldS % BigInt(modulus)) + BigInt(modulus)) % BigInt(modulus)
}
