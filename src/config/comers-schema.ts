import { z } from 'zod'
import { CARRIER_IDS, type CarrierId } from '../contract/carriers.ts'
import { type ComersPlan, EVEN_WEIGHTS, MARKET_WEIGHTS } from '../contract/comers.ts'

const weight = z.number().min(0).max(1_000_000)

/** Who comes to log in, as people write it. */
export const comersSchema = z
  .strictObject({
    returningShare: z.number().min(0).max(1).default(0).describe('Share of visits by people who have an account already.'),
    knownPeople: z.int().min(0).max(20_000).default(200).describe('So many people are given an account before the load.'),
    carriers: z
      .union([z.enum(['even', 'market']), z.partialRecord(z.enum(CARRIER_IDS), weight)])
      .default('even')
      .describe('even; market: by subscribers at the end of 2024; or weights by carrier.'),
  })
  .refine(({ carriers }) => typeof carriers === 'string' || Object.values(carriers).some(one => one > 0), {
    message: 'one carrier must have a weight above 0',
    path: ['carriers'],
  })
  .describe('Who comes. Strangers of all carriers evenly when left out.')

/** Checked wishes as the plan has them. Without anybody who returns nobody is made known. */
export function plannedComers({ returningShare, knownPeople, carriers }: z.output<typeof comersSchema>): ComersPlan {
  return { returningShare, knownPeople: returningShare === 0 ? 0 : knownPeople, carrierWeights: weightsOf(carriers) }
}

function weightsOf(carriers: 'even' | 'market' | Partial<Record<CarrierId, number>>): ComersPlan['carrierWeights'] {
  if (carriers === 'even') return EVEN_WEIGHTS
  return carriers === 'market' ? MARKET_WEIGHTS : carriers
}
