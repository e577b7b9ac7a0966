import { CARRIER_IDS, type CarrierId } from './carriers.ts'

/** Who comes: how many are known to the backend already, and whose subscribers they are. */
export interface ComersPlan {
  /** Share (0-1) of visits by people who have an account; the others never came before. */
  returningShare: number
  /** So many people are given an account before the load. */
  knownPeople: number
  /** Weights of the carriers, in any unit; a carrier left out has no visitors. */
  carrierWeights: Readonly<Partial<Record<CarrierId, number>>>
}

/**
 * Subscribers of the three carriers in millions at the end of 2024, by their annual results as commonly reported: China Mobile
 * about 1,004, China Telecom about 425, China Unicom about 344. Rounded; assumed, not looked up per month.
 */
export const MARKET_WEIGHTS: Readonly<Record<CarrierId, number>> = {
  'china-mobile': 1004,
  'china-unicom': 344,
  'china-telecom': 425,
}

export const EVEN_WEIGHTS: Readonly<Record<CarrierId, number>> = { 'china-mobile': 1, 'china-unicom': 1, 'china-telecom': 1 }

/** Bounds in 32-bit space by which a drawn word chooses among these carriers. Throws when none of them has a weight. */
export function carrierBounds(
  carriers: readonly CarrierId[],
  weights: Readonly<Partial<Record<CarrierId, number>>>,
): readonly { carrier: CarrierId; below: number }[] {
  const chosen = CARRIER_IDS.filter(id => carriers.includes(id) && (weights[id] ?? 0) > 0)
  const total = chosen.reduce((sum, id) => sum + (weights[id] ?? 0), 0)
  if (total === 0) throw new Error('no carrier of the run has a weight above 0')
  let sum = 0
  return chosen.map(carrier => {
    sum += weights[carrier] ?? 0
    return { carrier, below: (sum / total) * 0x1_0000_0000 }
  })
}
