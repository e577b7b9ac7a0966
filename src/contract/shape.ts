/** How load arrives. Open: arrivals at a rate, whatever the target does. Closed: so many users, each waits for its answer. */
export type LoadShape =
  | { kind: 'constant-arrival-rate'; ratePerSecond: number; durationMs: number }
  | { kind: 'closed'; users: number; durationMs: number }

/** Ceilings no configuration may exceed without editing this file: nothing is flooded by a typo. */
export const CEILINGS = { ratePerSecond: 20_000, users: 2_000, durationMs: 3_600_000 } as const

/** Arrivals the shape asks for, or undefined for a closed one. */
export function plannedArrivals(shape: LoadShape): number | undefined {
  return shape.kind === 'constant-arrival-rate' ? Math.round((shape.ratePerSecond * shape.durationMs) / 1000) : undefined
}
