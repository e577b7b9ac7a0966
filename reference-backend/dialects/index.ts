import { cookies } from './cookies.ts'
import type { Dialect, DialectId } from './dialect.ts'
import { idempotent } from './idempotent.ts'
import { renamed } from './renamed.ts'
import { slow } from './slow.ts'
import { statusInBody } from './status-in-body.ts'
import { strict } from './strict.ts'
import { unsteady } from './unsteady.ts'

/** REST is what the routes speak by themselves. */
const asTheRoutes: Dialect = () => {}

export const dialects: Readonly<Record<DialectId, Dialect>> = {
  rest: asTheRoutes,
  'status-in-body': statusInBody,
  cookies,
  renamed,
  slow,
  strict,
  unsteady,
  idempotent,
  'two-instances': asTheRoutes,
}

export function isDialectId(text: string): text is DialectId {
  return Object.hasOwn(dialects, text)
}
