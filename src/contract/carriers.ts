/** The carriers onetap knows, by the id that people type. */
export const CARRIER_IDS = ['china-mobile', 'china-unicom', 'china-telecom'] as const
export type CarrierId = (typeof CARRIER_IDS)[number]

/** The operation by which a backend exchanges a login token, by the carrier's own name. */
export const LOGIN_OPERATIONS: Readonly<Record<CarrierId, string>> = {
  'china-mobile': 'loginTokenValidate',
  'china-unicom': 'qhbt',
  'china-telecom': 'sdkcodeinfo',
}

/** The same for asking whether a number is the device's own. Only China Mobile's is documented as one of the carrier's own. */
export const VERIFY_OPERATIONS: Readonly<Record<CarrierId, string>> = { ...LOGIN_OPERATIONS, 'china-mobile': 'tokenValidate' }

export function isCarrierId(value: unknown): value is CarrierId {
  return (CARRIER_IDS as readonly unknown[]).includes(value)
}

/** Position of a carrier in CARRIER_IDS; tokens carry it in their check word. */
export function carrierOrdinal(carrier: CarrierId): number {
  return CARRIER_IDS.indexOf(carrier)
}
