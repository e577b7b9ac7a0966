import type { InputBounds } from './controls/input-bounds.ts'

/** An e-mail address in the one form it is kept in: lower case. Undefined for what is none. */
export function canonicalEmail(value: unknown, bounds: InputBounds): string | undefined {
  return typeof value === 'string' && bounds.email.test(value) ? value.toLowerCase() : undefined
}

/** `alice@example.com` -> `a***@example.com`. */
export function maskEmail(address: string): string {
  return `${address.slice(0, 1)}***${address.slice(address.indexOf('@'))}`
}
