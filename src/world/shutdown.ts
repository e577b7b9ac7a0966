/**
 * What was started is stopped in the opposite order, always: at the end, on an error, on a signal, on a crash.
 * Each entry runs once; a failing entry does not keep the others from running.
 */
export class Shutdown {
  readonly #entries: { name: string; stop: () => Promise<void> | void }[] = []
  #running: Promise<Error[]> | undefined

  /** What is added while or after everything else was stopped is stopped at once: it was started too late to be of use. */
  add(name: string, stop: () => Promise<void> | void): void {
    this.#entries.push({ name, stop })
    if (this.#running !== undefined) {
      this.#running = this.#running.then(async errors => [...errors, ...(await this.#unwind())])
    }
  }

  /** Stops everything, last in first out; returns the errors met. Calling twice waits for the first. */
  run(): Promise<Error[]> {
    this.#running ??= this.#unwind()
    return this.#running
  }

  async #unwind(): Promise<Error[]> {
    const errors: Error[] = []
    for (let entry = this.#entries.pop(); entry !== undefined; entry = this.#entries.pop()) {
      try {
        await entry.stop()
      } catch (cause) {
        errors.push(
          new Error(`stopping ${entry.name} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause }),
        )
      }
    }
    return errors
  }
}
