import type { Memory } from '../memory.ts'

/** More would cost memory that load does not need: the oldest are forgotten early, which only makes the mock milder. */
const MOST_KEPT = 200_000

/** Remembers values for a while, to tell when one comes again. Times on one clock, milliseconds. */
export class SeenNonces implements Memory {
  readonly #keepMs: () => number
  /**
   * Two ages, dropped whole: taking the oldest out one by one leaves holes at the front of a Map, over which every later look at its
   * front must walk.
   */
  #young = new Map<string, number>()
  #old = new Map<string, number>()
  #youngSinceMs = Number.NEGATIVE_INFINITY

  constructor(keepMs: number | (() => number)) {
    this.#keepMs = typeof keepMs === 'number' ? () => keepMs : keepMs
  }

  /** True when the value is new, and remembers it. */
  isNew(value: string, nowMs: number): boolean {
    const keepMs = this.#keepMs()
    if (this.#young.size >= MOST_KEPT / 2 || nowMs - this.#youngSinceMs >= keepMs) {
      this.#old = this.#young
      this.#young = new Map()
      this.#youngSinceMs = nowMs
    }
    const seenAtMs = this.#young.get(value) ?? this.#old.get(value)
    if (seenAtMs !== undefined && nowMs - seenAtMs < keepMs) return false
    this.#young.set(value, nowMs)
    return true
  }

  snapshot(): [string, number][] {
    return [...new Map([...this.#old, ...this.#young])]
  }

  restore(kept: unknown): void {
    for (const [value, atMs] of kept as [string, number][]) this.#young.set(value, atMs)
  }

  reset(): void {
    this.#young = new Map()
    this.#old = new Map()
  }
}
