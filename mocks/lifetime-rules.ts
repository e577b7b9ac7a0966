import { isCarrierId } from '../src/contract/carriers.ts'
import type { LifetimeRule } from '../src/contract/journal.ts'
import { isProviderId } from '../src/contract/providers.ts'
import { isObject } from './wire/string-fields.ts'

/** Telecom tokens of 2019 lived 30 days; more than a year is a slip of the keyboard. */
const LONGEST_LIFETIME_MS = 366 * 86_400_000

/** Reads lifetime rules as they come over the wire; a text says what is wrong. */
export function parseLifetimes(value: unknown): LifetimeRule[] | string {
  if (!Array.isArray(value)) return 'lifetimes must be a list'
  const rules: LifetimeRule[] = []
  for (const [position, item] of value.entries()) {
    const where = `lifetimes[${position}]`
    const { provider, carrier, purpose, lifetimeMs, ...strangers } = isObject(item) ? item : {}
    const stranger = Object.keys(strangers)[0]
    if (stranger !== undefined) return `${where}: unknown field ${JSON.stringify(stranger)}`
    if (provider !== undefined && !isProviderId(provider)) return `${where}.provider is unknown`
    if (carrier !== undefined && !isCarrierId(carrier)) return `${where}.carrier is unknown`
    if (purpose !== undefined && purpose !== 'login' && purpose !== 'verify')
      return `${where}.purpose must be "login" or "verify"`
    if (typeof lifetimeMs !== 'number' || !(lifetimeMs > 0 && lifetimeMs <= LONGEST_LIFETIME_MS)) {
      return `${where}.lifetimeMs must be above 0 and at most ${LONGEST_LIFETIME_MS}`
    }
    rules.push({
      ...(provider === undefined ? {} : { provider }),
      ...(carrier === undefined ? {} : { carrier }),
      ...(purpose === undefined ? {} : { purpose }),
      lifetimeMs,
    })
  }
  return rules
}
