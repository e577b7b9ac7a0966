import type { CarrierId } from '../src/contract/carriers.ts'
import type { LifetimeRule } from '../src/contract/journal.ts'
import type { ProviderId } from '../src/contract/providers.ts'
import type { TokenClaims, TokenPurpose } from '../src/contract/token.ts'
import { ruleFor } from './token-rules.ts'

const MINUTE_MS = 60_000

/** Milliseconds by carrier of the SIM card and purpose. */
export type Lifetimes = Readonly<Record<CarrierId, Readonly<Record<TokenPurpose, number>>>>

function minutes(mobile: number, unicom: number, telecom: number, verify: readonly [number, number, number]): Lifetimes {
  return {
    'china-mobile': { login: mobile * MINUTE_MS, verify: verify[0] * MINUTE_MS },
    'china-unicom': { login: unicom * MINUTE_MS, verify: verify[1] * MINUTE_MS },
    'china-telecom': { login: telecom * MINUTE_MS, verify: verify[2] * MINUTE_MS },
  }
}

/** Token lifetimes ([S1], [S17], [S24]): login 2/30/10 min, number check 2/10/1 min. Sources disagree on Telecom; the strictest stands. */
export const TOKEN_LIFETIME_MS: Lifetimes = minutes(2, 30, 10, [2, 10, 1])

/** Confirmed by Alibaba [S17] and Chuanglan [S29] for both purposes; assumed for those whose documents say nothing. */
const AS_ALIBABA = minutes(2, 30, 10, [2, 30, 10])

/** Where an aggregator's documents say something else than the carriers'. Jiguang's login is of 2022; in 2019 Telecom's lived 30 days. */
const AGGREGATORS: { readonly [Id in ProviderId]?: Lifetimes } = {
  jiguang: minutes(2, 30, 30, [2, 10, 1]),
  yidun: minutes(2, 2, 2, [2, 2, 2]),
}

/** How long a token lives, in milliseconds: the last rule that fits it, else what the documents say. */
export function tokenLifetimeMs(
  rules: readonly LifetimeRule[] | undefined,
  token: Pick<TokenClaims, 'carrier' | 'provider' | 'purpose'>,
): number {
  const { carrier, provider = carrier, purpose } = token
  const rule = ruleFor(rules, token)
  if (rule !== undefined) return rule.lifetimeMs
  const table = provider === carrier ? TOKEN_LIFETIME_MS : (AGGREGATORS[provider] ?? AS_ALIBABA)
  return table[carrier][purpose]
}
