import type { LifeEventKind } from './journal.ts'

/**
 * Everything that can happen to a number at its carrier. Only the first three are told to services by a rebind notice; the
 * others a service learns by asking (number recycling, attribute query) or not at all.
 *
 * `deactivated`: the contract ended, nobody holds the number. `quarantined`: it rests before it is sold again. `transferred`:
 * another person took the contract over. `device-changed`: the same SIM card in another handset.
 */
export type NumberEventKind = LifeEventKind | 'deactivated' | 'quarantined' | 'transferred' | 'device-changed'

export const NUMBER_EVENT_KINDS: readonly NumberEventKind[] = [
  'reissued',
  'sim-replaced',
  'ported',
  'deactivated',
  'quarantined',
  'transferred',
  'device-changed',
]

export type NumberState = 'active' | 'deactivated' | 'quarantined'

export function isNumberEventKind(value: unknown): value is NumberEventKind {
  return NUMBER_EVENT_KINDS.some(kind => kind === value)
}
