import { SettingsError } from './settings-error.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

export interface Limit {
  /** How many within the window; the next is refused. */
  most: number
  windowMs: number
}

/**
 * What is bounded, and how tightly unless LIMITS says otherwise. Windows run from the first event, so a number that got a code
 * waits a whole minute for the next. SMS: as China Mobile's own SMS assist (1 a minute, 10 a day for a number); number
 * verification: as Jiguang's (10 a day for a number).
 */
const STANDARD = {
  'bind-account-hour': { most: 30, windowMs: HOUR_MS },
  'code-source-hour': { most: 200, windowMs: HOUR_MS },
  'email-address-day': { most: 10, windowMs: DAY_MS },
  'email-source-hour': { most: 100, windowMs: HOUR_MS },
  'login-refused-source-minute': { most: 300, windowMs: MINUTE_MS },
  'nonce-source-minute': { most: 600_000, windowMs: MINUTE_MS },
  'password-identifier-hour': { most: 20, windowMs: HOUR_MS },
  'password-source-minute': { most: 60, windowMs: MINUTE_MS },
  'reauth-account-hour': { most: 20, windowMs: HOUR_MS },
  'sms-global-minute': { most: 600, windowMs: MINUTE_MS },
  'sms-number-day': { most: 10, windowMs: DAY_MS },
  'sms-number-minute': { most: 1, windowMs: MINUTE_MS },
  'sms-source-hour': { most: 100, windowMs: HOUR_MS },
  'verify-account-day': { most: 10, windowMs: DAY_MS },
  'verify-number-day': { most: 10, windowMs: DAY_MS },
  'verify-source-hour': { most: 100, windowMs: HOUR_MS },
} satisfies Record<string, Limit>

export type LimitName = keyof typeof STANDARD
export type Limits = Readonly<Record<LimitName, Limit>>

/** Reads `name=count,name=count`; limits not named keep their standard. Throws SettingsError naming what there is. */
export function readLimits(text: string): Limits {
  const limits: Record<LimitName, Limit> = { ...STANDARD }
  for (const pair of text.split(',').map(part => part.trim())) {
    if (pair === '') continue
    const [name = '', count = ''] = pair.split('=')
    if (!isLimitName(name))
      throw new SettingsError(`LIMITS: there is no limit "${name}"; known: ${Object.keys(STANDARD).join(', ')}.`)
    if (!/^\d{1,9}$/.test(count)) throw new SettingsError(`LIMITS: ${name} must be a whole number.`)
    limits[name] = { ...limits[name], most: Number(count) }
  }
  return limits
}

function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(STANDARD, name)
}
