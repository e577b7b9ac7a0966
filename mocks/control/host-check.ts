import { isIP } from 'node:net'

/**
 * Whether a Host header names this machine in a way that a page elsewhere cannot bring about. An address is safe: a page must
 * rebind a name of its own to reach us, and then the browser sends that name. So names are refused but for localhost and those
 * we were told (RFC 9110, 7.2; DNS rebinding).
 */
export function isOwnHost(header: string | undefined, toldNames: readonly string[]): boolean {
  if (header === undefined) return false
  const name = /^(\[[0-9a-f:.%]+\]|[^:@/\s]+)(?::\d{1,5})?$/i.exec(header)?.[1]?.toLowerCase()
  if (name === undefined) return false
  if (name === 'localhost' || toldNames.includes(name)) return true
  return isIP(name.startsWith('[') ? name.slice(1, -1) : name) !== 0
}
