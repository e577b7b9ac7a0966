import type { Orphans, Reconciliation } from '../contract/attribution.ts'
import type { LoadEvidence } from '../contract/engine.ts'
import { STEP_OUTCOMES } from '../contract/flow.ts'
import type { LoadTokens } from '../contract/journal.ts'
import { type Check, makeCheck, skippedCheck } from './check.ts'
import { countOf, loginsOf } from './figure.ts'

/** Orphans named in a result. */
const NAMED = 20

/**
 * Joins what the client saw with what the carriers booked, visit by visit where both name their exceptions: a visit that was not let in
 * although its number was given out, and one that was let in although it was not. Undefined where visits are not one one-tap exchange
 * each: then a token that was not brought to a carrier says nothing.
 */
export function reconcile(load: LoadEvidence, tokens: LoadTokens | undefined): Reconciliation | undefined {
  const logins = loginsOf(load)
  if (tokens === undefined || logins.length !== 1 || logins[0] !== 'oneTap') return undefined
  const granted = countOf(load, 'oneTap', 'granted')
  const exchanges = STEP_OUTCOMES.reduce((sum, outcome) => sum + countOf(load, 'oneTap', outcome), 0)
  const notGranted = load.notGranted ?? []
  const common = { exchanges, granted, called: tokens.called, redeemed: tokens.redeemed }
  if (notGranted.length !== load.attempted - granted || tokens.unnamed > 0) {
    const difference = tokens.redeemed - granted
    return {
      ...common,
      confirmedNotLetIn: unnamed(Math.max(0, difference)),
      letInUnconfirmed: unnamed(Math.max(0, -difference)),
    }
  }
  const unredeemed = new Set(tokens.unredeemed.map(index => index - tokens.from))
  const outside = new Set(notGranted)
  return {
    ...common,
    confirmedNotLetIn: named(notGranted.filter(visit => !unredeemed.has(visit))),
    letInUnconfirmed: named([...unredeemed].filter(visit => !outside.has(visit))),
  }
}

/** Did the two books tell the same story? A login without a carrier's word is no login of the path under test. */
export function ledgerCheck(reconciliation: Reconciliation | undefined): Check {
  const limit = '0 logins without a carrier’s word'
  if (reconciliation === undefined) {
    return skippedCheck('ledger-match', 'not joined', limit, 'Visits of this scenario are not one token exchange each.')
  }
  const { count, visits } = reconciliation.letInUnconfirmed
  const which = visits.length === 0 ? '' : `: visit ${visits.join(', ')}`
  return makeCheck(
    'ledger-match',
    count === 0,
    `${count}`,
    limit,
    'Each login that was granted had its number from a carrier.',
    `${count} logins were granted although no carrier gave out their number${which}. Is another gateway asked, or none?`,
  )
}

function named(visits: readonly number[]): Orphans {
  return { count: visits.length, visits: [...visits].sort((a, b) => a - b).slice(0, NAMED) }
}

function unnamed(count: number): Orphans {
  return { count, visits: [] }
}
