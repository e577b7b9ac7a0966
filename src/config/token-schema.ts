import { z } from 'zod'
import { CARRIER_IDS } from '../contract/carriers.ts'
import { PROVIDER_IDS } from '../contract/providers.ts'

/** Which tokens a rule is about; all when left out. */
const scope = {
  provider: z.enum(PROVIDER_IDS).exactOptional().describe('Who redeems the token.'),
  carrier: z.enum(CARRIER_IDS).exactOptional().describe('Carrier of the SIM card.'),
  purpose: z.enum(['login', 'verify']).exactOptional(),
}

/** A year is the most the mocks take: Telecom tokens of 2019 lived 30 days. */
const LONGEST_LIFETIME_MS = 366 * 86_400_000

/** What sources disagree about, and what they are silent about: settings of the mocks, the same as over their control plane. */
export const tokenSchemas = {
  lifetimes: z
    .array(z.strictObject({ ...scope, lifetimeMs: z.number().positive().max(LONGEST_LIFETIME_MS) }))
    .exactOptional()
    .describe('Token lifetimes other than the documented ones; the last rule that fits a token holds.'),
  reuse: z
    .array(z.strictObject({ ...scope, singleUse: z.enum(['strict', 'lenient']) }))
    .exactOptional()
    .describe('Where tokens may or may not be redeemed again, other than singleUse; the last rule that fits holds.'),
  assumptions: z
    .record(z.string(), z.string())
    .exactOptional()
    .describe('What a mock does where no source says it, by provider.assumption. A wrong name or answer is refused at start.'),
}
