import type { Memory } from '../memory.ts'
import { DailyQuota } from './daily-quota.ts'

/** Numbers remembered; the longest unasked go first. */
const MOST_KEPT = 100_000

/** How often a number may be asked about. */
export interface Pace {
  /** Between two tries for one number. */
  intervalMs: number
  perNumberAndDay: number
  perAppAndDay: number
}

/** What is over the pace. */
export type OverPace = 'interval' | 'number' | 'app'

/** Holds tries for numbers to a pace; a try over it counts for nothing. */
export class NumberPace implements Memory {
  readonly #lastMs = new Map<string, number>()
  readonly #quota = new DailyQuota()

  /** Undefined when the try is within the pace, which then counts it. */
  trouble(pace: Pace, app: string, number: string, nowMs: number): OverPace | undefined {
    const name = `${app} ${number}`
    const last = this.#lastMs.get(name)
    if (last !== undefined && nowMs - last < pace.intervalMs) return 'interval'
    if (!this.#quota.takes(`number ${name}`, pace.perNumberAndDay, nowMs)) return 'number'
    if (!this.#quota.takes(`app ${app}`, pace.perAppAndDay, nowMs)) return 'app'
    this.#lastMs.delete(name)
    this.#lastMs.set(name, nowMs)
    if (this.#lastMs.size > MOST_KEPT) {
      const [oldest] = this.#lastMs.keys()
      if (oldest !== undefined) this.#lastMs.delete(oldest)
    }
    return undefined
  }

  snapshot(): { lastMs: [string, number][]; quota: unknown } {
    return { lastMs: [...this.#lastMs], quota: this.#quota.snapshot() }
  }

  restore(kept: unknown): void {
    const { lastMs, quota } = kept as { lastMs: [string, number][]; quota: unknown }
    for (const [name, atMs] of lastMs) this.#lastMs.set(name, atMs)
    this.#quota.restore(quota)
  }

  reset(): void {
    this.#lastMs.clear()
    this.#quota.reset()
  }
}
