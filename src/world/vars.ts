import { randomBytes } from 'node:crypto'

/** The target module's values for one run: `{random}` becomes a fresh secret. The plan keeps the placeholder, never the secret. */
export function fillVars(vars: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, value === '{random}' ? randomBytes(24).toString('hex') : value]),
  )
}
