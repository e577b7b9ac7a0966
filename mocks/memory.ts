/**
 * What one part of the mocks remembers of what happened, and would answer differently without. Snapshots hold it as plain data,
 * a reset clears it.
 */
export interface Memory {
  /** Plain data, as JSON takes it. */
  snapshot(): unknown
  /** Takes what `snapshot` gave; nothing else ever comes here, as snapshots are sealed. */
  restore(kept: unknown): void
  reset(): void
}

/** All memories by name, so that a snapshot cannot forget one that was made. */
export class Memories {
  readonly #byName = new Map<string, Memory>()

  /** Enters a memory and gives it back. Throws when the name is taken: one of the two would be lost. */
  keep<M extends Memory>(name: string, memory: M): M {
    if (this.#byName.has(name)) throw new Error(`two memories are named ${name}`)
    this.#byName.set(name, memory)
    return memory
  }

  snapshot(): Record<string, unknown> {
    return Object.fromEntries([...this.#byName].map(([name, memory]) => [name, memory.snapshot()]))
  }

  /** What the snapshot does not name, because its mocks ran without that provider, starts empty. */
  restore(kept: Readonly<Record<string, unknown>>): void {
    for (const [name, memory] of this.#byName) {
      memory.reset()
      if (Object.hasOwn(kept, name)) memory.restore(kept[name])
    }
  }

  reset(): void {
    for (const memory of this.#byName.values()) memory.reset()
  }
}
