/** Counts calls in whole seconds, as vendors' quotas do: at the turn of a second the count begins anew. */
export class RateWindow {
  #second = 0
  #count = 0

  /** True, and counted, when one more fits into the second of `atMs`. */
  passes(ratePerSecond: number, atMs: number): boolean {
    const second = Math.floor(atMs / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#count = 0
    }
    if (this.#count >= ratePerSecond) return false
    this.#count++
    return true
  }
}
