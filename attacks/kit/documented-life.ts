import type { CarrierId } from '../../src/contract/carriers.ts'

const MINUTE_MS = 60_000

/** Documented life of a login token ([S1], [S8], [S11]). Sources disagree on China Telecom; the strictest stands. */
export const LOGIN_TOKEN_LIFE_MS: Record<CarrierId, number> = {
  'china-mobile': 2 * MINUTE_MS,
  'china-unicom': 30 * MINUTE_MS,
  'china-telecom': 10 * MINUTE_MS,
}
