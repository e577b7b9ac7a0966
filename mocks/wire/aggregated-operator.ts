import type { CarrierId } from '../../src/contract/carriers.ts'

/** The carriers as aggregators write them. */
export const OPERATOR_NAMES: Readonly<Record<CarrierId, 'CMCC' | 'CUCC' | 'CTCC'>> = {
  'china-mobile': 'CMCC',
  'china-unicom': 'CUCC',
  'china-telecom': 'CTCC',
}
