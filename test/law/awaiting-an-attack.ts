/**
 * Flaws of the reference backend that no attack looks for, as `control=flaw`, each with its reason. An entry goes when its attack
 * comes: the law fails on one that is noticed, and on one that is no flaw (any more).
 */
export const AWAITING_AN_ATTACK: readonly string[] = [
  // All three carriers refuse a token of another app; one that did not would be asked in the target's name either way, since
  // whoever presents the token may leave out that it is another's. Over HTTP nothing is got by it (docs/adr/0012).
  'app-binding=no-app-binding',
  // Shows only where the target is started again over a store that outlives it: the lab cannot restart targets yet.
  'nonce-store=nonce-memory-only',
  // cf-fail-closed sees it where there is a store to cut off (test/proof/fail-closed-stores.test.ts); the matrix has none.
  'store-outage=goes-on-without',
]
