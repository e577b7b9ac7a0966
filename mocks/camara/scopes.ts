/** Scopes of the API releases that are mocked. Those of Number Verification need a user who was authenticated by the network. */
export const API_SCOPES = [
  'number-verification:verify',
  'number-verification:device-phone-number:read',
  'sim-swap',
  'sim-swap:check',
  'sim-swap:retrieve-date',
  'sim-swap-subscriptions:org.camaraproject.sim-swap-subscriptions.v0.swapped:create',
  'sim-swap-subscriptions:read',
  'sim-swap-subscriptions:delete',
  'number-recycling:check',
  'one-time-password-sms:send-validate',
  'device-swap',
  'device-swap:check',
  'device-swap:retrieve-date',
] as const
export type ApiScope = (typeof API_SCOPES)[number]

const PLAIN_SCOPES: readonly string[] = ['openid', 'offline_access']

export interface Scopes {
  apis: readonly ApiScope[]
  openid: boolean
}

/** Reads a scope parameter: exactly one purpose `dpv:…` and known scopes, at least one of an API (security profile). */
export function parseScopes(text: string): Scopes | undefined {
  const words = text.split(' ').filter(word => word !== '')
  const purposes = words.filter(word => /^dpv:[A-Za-z]+$/.test(word))
  const others = words.filter(word => !word.startsWith('dpv:'))
  const apis = API_SCOPES.filter(scope => others.includes(scope))
  const known = others.every(word => PLAIN_SCOPES.includes(word) || apis.some(scope => scope === word))
  if (purposes.length !== 1 || words.length !== others.length + 1 || !known || apis.length === 0) return undefined
  return { apis, openid: others.includes('openid') }
}

/** Whether a scope can only be had for a user. */
export function isForUsersOnly(scope: ApiScope): boolean {
  return scope.startsWith('number-verification:')
}
