import type { FaultRule } from '../../src/contract/fault.ts'
import { exhaustive } from '../../src/contract/json.ts'
import type { Reading } from '../dialect.ts'
import errorRate from './error-rate.ts'
import type { FaultPart, Strike } from './fault-part.ts'
import hang from './hang.ts'

export const faults: { readonly [Id in FaultRule['id']]: FaultPart<Id> } = { 'error-rate': errorRate, hang }

/** Lets the rule strike a call. */
export function strike(rule: FaultRule, reading: Reading): Strike {
  switch (rule.id) {
    case 'error-rate':
      return faults['error-rate'].strike(rule, reading)
    case 'hang':
      return faults.hang.strike(rule, reading)
    default:
      return exhaustive(rule)
  }
}
