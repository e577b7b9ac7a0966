import { Refusal } from '../refusal.ts'
import type { Dialect } from './dialect.ts'

const SHARE = 0.02

/** Two requests in a hundred meet an honest 503 before anything was done. Which ones is a function of seed and count. */
export const unsteady: Dialect = (app, { seed }) => {
  let count = 0
  app.addHook('onRequest', async () => {
    if (chance(seed, ++count) < SHARE) throw new Refusal(503, 'BUSY', 'The service is busy. Try again.', 1)
  })
}

/** From 0 to below 1, by the finaliser of MurmurHash3: neighbours come out unrelated. */
function chance(seed: number, index: number): number {
  let hash = Math.imul(seed ^ Math.imul(index, 0x9e3779b1), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
