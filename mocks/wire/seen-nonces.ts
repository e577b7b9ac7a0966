import type { Memory } from '../memory.ts'

/** More would cost memory that load does not need: the oldest are forgotten early, which only makes the mock milder. */
const MOST_KEPT = 200_000

/** Remembers values for a while, to tell when one comes again. Times on one clock, milliseconds. */
export class SeenNonces implements Memory {
  readonly #keepMs: () => number
  /** In the order they came. */
  readonly #seenAtMs = new Map<string, number>()

  constructor(keepMs: number | (() => number)) {
    this.#keepMs = typeof keepMs === 'number' ? () => keepMs : keepMs
  }

  /** True when the value is new, and remembers it. */
  isNew(value: string, nowMs: number): boolean {
    const keepMs = this.#keepMs()
    for (const [oldest, atMs] of this.#seenAtMs) {
      if (nowMs - atMs < keepMs && this.#seenAtMs.size < MOST_KEPT) break
      this.#seenAtMs.delete(oldest)
    }
    if (this.#seenAtMs.has(value)) return false
    this.#seenAtMs.set(value, nowMs)
    return true
  }

  snapshot(): [string, number][] {
    return [...this.#seenAtMs]
  }

  restore(kept: unknown): void {
    for (const [value, atMs] of kept as [string, number][]) this.#seenAtMs.set(value, atMs)
  }

  reset(): void {
    this.#seenAtMs.clear()
  }
}
