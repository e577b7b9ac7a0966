import { type ChinaMobileAccess, chinaMobileClient } from './china-mobile.ts'
import { type ChinaTelecomAccess, chinaTelecomClient } from './china-telecom.ts'
import { type ChinaUnicomAccess, chinaUnicomClient } from './china-unicom.ts'
import type { CarrierClient, CarrierId } from './exchange.ts'
import { openTransport } from './transport.ts'

/** What the environment says of each carrier; a carrier left out is not offered. */
export interface CarrierSettings {
  timeoutMs: number
  'china-mobile'?: ChinaMobileAccess & { url: URL }
  'china-telecom'?: ChinaTelecomAccess & { url: URL }
  'china-unicom'?: ChinaUnicomAccess & { url: URL }
}

export type Carriers = ReadonlyMap<CarrierId, CarrierClient>

export function openCarriers(settings: CarrierSettings, nowMs: () => number): Carriers {
  const carriers = new Map<CarrierId, CarrierClient>()
  const { 'china-mobile': mobile, 'china-telecom': telecom, 'china-unicom': unicom, timeoutMs } = settings
  if (mobile !== undefined) carriers.set('china-mobile', chinaMobileClient(mobile, openTransport(mobile.url, timeoutMs), nowMs))
  if (telecom !== undefined)
    carriers.set('china-telecom', chinaTelecomClient(telecom, openTransport(telecom.url, timeoutMs), nowMs))
  if (unicom !== undefined) carriers.set('china-unicom', chinaUnicomClient(unicom, openTransport(unicom.url, timeoutMs)))
  return carriers
}
