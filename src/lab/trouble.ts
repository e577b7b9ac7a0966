/**
 * The target did not do what an honest client may expect (no nonce, no reply, out of time), so the attack could not be carried out.
 * Becomes an inconclusive verdict, never a pass and never a fault of the harness.
 */
export class TargetTrouble extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'TargetTrouble'
  }
}

/** The world offers nothing to attack (for instance porting with a single carrier). Becomes not-applicable. */
export class NothingToAttack extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NothingToAttack'
  }
}
