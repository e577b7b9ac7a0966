import { isCarrierId } from '../src/contract/carriers.ts'
import type { LifetimeRule, ReuseRule, TokenScope } from '../src/contract/journal.ts'
import { isProviderId, type ProviderId } from '../src/contract/providers.ts'
import type { TokenClaims } from '../src/contract/token.ts'
import { isObject } from './wire/string-fields.ts'

/** Telecom tokens of 2019 lived 30 days; more than a year is a slip of the keyboard. */
const LONGEST_LIFETIME_MS = 366 * 86_400_000

/** The last rule that fits a token; sources disagree by carrier, aggregator and purpose, so rules are told by all three. */
export function ruleFor<R extends TokenScope>(
  rules: readonly R[] | undefined,
  token: Pick<TokenClaims, 'carrier' | 'provider' | 'purpose'>,
): R | undefined {
  const { carrier, purpose } = token
  const provider: ProviderId = token.provider ?? carrier
  return rules?.findLast(
    one =>
      (one.provider ?? provider) === provider && (one.carrier ?? carrier) === carrier && (one.purpose ?? purpose) === purpose,
  )
}

/** Reads lifetime rules as they come over the wire; a text says what is wrong. */
export function parseLifetimes(value: unknown): LifetimeRule[] | string {
  return parseRules(value, 'lifetimes', 'lifetimeMs', lifetimeMs =>
    typeof lifetimeMs === 'number' && lifetimeMs > 0 && lifetimeMs <= LONGEST_LIFETIME_MS
      ? { lifetimeMs }
      : `must be above 0 and at most ${LONGEST_LIFETIME_MS}`,
  )
}

/** Reads rules of reuse as they come over the wire; a text says what is wrong. */
export function parseReuse(value: unknown): ReuseRule[] | string {
  return parseRules(value, 'reuse', 'singleUse', singleUse =>
    singleUse === 'strict' || singleUse === 'lenient' ? { singleUse } : 'must be "strict" or "lenient"',
  )
}

function parseRules<T extends object>(
  value: unknown,
  list: string,
  field: string,
  read: (given: unknown) => T | string,
): (TokenScope & T)[] | string {
  if (!Array.isArray(value)) return `${list} must be a list`
  const rules: (TokenScope & T)[] = []
  for (const [position, item] of value.entries()) {
    const where = `${list}[${position}]`
    const { provider, carrier, purpose, [field]: given, ...strangers } = isObject(item) ? item : {}
    const stranger = Object.keys(strangers)[0]
    if (stranger !== undefined) return `${where}: unknown field ${JSON.stringify(stranger)}`
    if (provider !== undefined && !isProviderId(provider)) return `${where}.provider is unknown`
    if (carrier !== undefined && !isCarrierId(carrier)) return `${where}.carrier is unknown`
    if (purpose !== undefined && purpose !== 'login' && purpose !== 'verify')
      return `${where}.purpose must be "login" or "verify"`
    const what = read(given)
    if (typeof what === 'string') return `${where}.${field} ${what}`
    rules.push({
      ...(provider === undefined ? {} : { provider }),
      ...(carrier === undefined ? {} : { carrier }),
      ...(purpose === undefined ? {} : { purpose }),
      ...what,
    })
  }
  return rules
}
