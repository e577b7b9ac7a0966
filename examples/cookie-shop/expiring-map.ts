/**
 * A map whose entries die a fixed time after they were put in. All live equally long, so insertion order is order of death and
 * sweeping costs nothing: each new entry first drops the dead ones at the front. Nothing here awaits, so each method is atomic.
 */
export class ExpiringMap<Value> {
  readonly #lifetimeMs: number
  readonly #entries = new Map<string, { value: Value; diesAtMs: number }>()

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs
  }

  /** Puts the entry in unless the key is alive already; returns whether it did. */
  claim(key: string, value: Value): boolean {
    this.#sweep()
    if (this.#entries.has(key)) return false
    this.#entries.set(key, { value, diesAtMs: Date.now() + this.#lifetimeMs })
    return true
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && Date.now() < entry.diesAtMs ? entry.value : undefined
  }

  /** Removes and returns: of many takers of one key exactly one gets the value. */
  take(key: string): Value | undefined {
    const value = this.get(key)
    this.#entries.delete(key)
    return value
  }

  #sweep(): void {
    const nowMs = Date.now()
    for (const [key, entry] of this.#entries) {
      if (nowMs < entry.diesAtMs) return
      this.#entries.delete(key)
    }
  }
}
