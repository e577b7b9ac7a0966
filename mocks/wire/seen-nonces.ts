/** More would cost memory that load does not need: the oldest are forgotten early, which only makes the mock milder. */
const MOST_KEPT = 200_000

/** Remembers values for a while, to tell when one comes again. Times on one clock, milliseconds. */
export class SeenNonces {
  readonly #keepMs: number
  /** In the order they came. */
  readonly #seenAtMs = new Map<string, number>()

  constructor(keepMs: number) {
    this.#keepMs = keepMs
  }

  /** True when the value is new, and remembers it. */
  isNew(value: string, nowMs: number): boolean {
    for (const [oldest, atMs] of this.#seenAtMs) {
      if (nowMs - atMs < this.#keepMs && this.#seenAtMs.size < MOST_KEPT) break
      this.#seenAtMs.delete(oldest)
    }
    if (this.#seenAtMs.has(value)) return false
    this.#seenAtMs.set(value, nowMs)
    return true
  }
}
