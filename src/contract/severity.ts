import { SEVERITIES, type Severity } from './attack.ts'

/** Is `severity` as bad as `bar`, or worse? */
export function atLeast(severity: Severity, bar: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(bar)
}
