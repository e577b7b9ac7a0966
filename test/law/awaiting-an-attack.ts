/**
 * Flaws of the reference backend that no attack looks for yet, as `control=flaw`. An entry goes when its attack comes: the law
 * fails on one that is noticed, and on one that is no flaw (any more).
 */
export const AWAITING_AN_ATTACK: readonly string[] = [
  'app-binding=no-app-binding',
  'claims-end-at-login=keep-foreign-ids',
  'code-vault=operator-objects',
  'jwt-signature=alg-confusion',
  'nonce-store=nonce-memory-only',
]
