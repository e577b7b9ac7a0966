import { isObject } from '../wire/string-fields.ts'

/**
 * How notices reach one listener: late, twice, not at all, in another order. Real feeds promise nothing about any of this
 * ([S48] and CAMARA's event guide), so a target has to bear all of it.
 */
export interface DeliverySettings {
  /** Where to post. Loopback only. */
  url: string
  /** Tries until a 2xx answer, the first included. */
  attempts: number
  /** Wait before the second try; doubles with each further one. */
  backoffMs: number
  /** Longest wait for an answer. */
  timeoutMs: number
  /** Wait before the first try, and the most that chance adds to it. */
  delayMs: number
  jitterMs: number
  /** Share (0-1) of notices that are never sent, and of those sent again after they arrived. */
  lossShare: number
  duplicateShare: number
  /**
   * `in-order`: the next notice waits until this one is settled. `free`: each by its own delay. `shuffled`: kept back until
   * `window` of them are there or a flush is asked for, then sent one by one in another order.
   */
  order: 'in-order' | 'free' | 'shuffled'
  window: number
}

export type DeliveryManner = Omit<DeliverySettings, 'url'>

export const DELIVERY_DEFAULTS: DeliveryManner = {
  attempts: 5,
  backoffMs: 200,
  timeoutMs: 3_000,
  delayMs: 0,
  jitterMs: 0,
  lossShare: 0,
  duplicateShare: 0,
  order: 'in-order',
  window: 2,
}

const RANGES: Readonly<Record<string, readonly [least: number, most: number, whole: boolean]>> = {
  attempts: [1, 10, true],
  backoffMs: [0, 60_000, true],
  timeoutMs: [1, 60_000, true],
  delayMs: [0, 600_000, true],
  jitterMs: [0, 600_000, true],
  lossShare: [0, 1, false],
  duplicateShare: [0, 1, false],
  window: [2, 100, true],
}

const ORDERS: readonly unknown[] = ['in-order', 'free', 'shuffled']

export interface Delivery {
  settings: DeliverySettings
  /** Signs the notices. */
  secret: string
}

/** Reads `deliver: {url, secret, ...}` of the control plane; a text says what is wrong. */
export function parseDelivery(value: unknown): Delivery | string {
  if (!isObject(value)) return 'deliver must be an object'
  const { url, secret, ...rest } = value
  if (typeof secret !== 'string' || secret === '') return 'deliver.secret must be a text'
  if (typeof url !== 'string' || !isLoopbackUrl(url)) return 'deliver.url must be an http or https address on this machine'
  const manner = parseManner(rest)
  return typeof manner === 'string' ? manner : { settings: { url, ...manner }, secret }
}

/** Reads how to deliver, without where; what is absent has its default. A text says what is wrong. */
export function parseManner(fields: Readonly<Record<string, unknown>>): DeliveryManner | string {
  const manner: Record<string, unknown> = { ...DELIVERY_DEFAULTS }
  for (const [name, field] of Object.entries(fields)) {
    if (name === 'order' ? !ORDERS.includes(field) : !inRange(name, field)) return wrongSetting(name)
    manner[name] = field
  }
  return manner as unknown as DeliveryManner
}

function inRange(name: string, value: unknown): boolean {
  const range = Object.hasOwn(RANGES, name) ? RANGES[name] : undefined
  if (range === undefined || typeof value !== 'number') return false
  const [least, most, whole] = range
  return value >= least && value <= most && (!whole || Number.isInteger(value))
}

function wrongSetting(name: string): string {
  if (name === 'order') return `deliver.order must be one of ${ORDERS.join(', ')}`
  const range = Object.hasOwn(RANGES, name) ? RANGES[name] : undefined
  if (range === undefined) return `unknown field deliver.${name}`
  return `deliver.${name} must be ${range[2] ? 'a whole number ' : ''}from ${range[0]} to ${range[1]}`
}

/** Notices carry numbers and bearer tokens: they are posted to this machine and nowhere else. */
export function isLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '' || password !== '') return false
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
}
