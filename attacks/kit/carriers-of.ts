import type { Lab } from '../../src/contract/attack.ts'
import { type CarrierId, isCarrierId } from '../../src/contract/carriers.ts'

/** The carriers of this run: a target of one carrier is not held against the other two. */
export function carriersOf(lab: Lab): CarrierId[] {
  return lab.providers.filter(isCarrierId)
}
