import type { Memory } from '../memory.ts'
import { beijingDay } from '../number-history.ts'

/** Counts per name and Beijing day. Names of earlier days are forgotten when a new day begins. */
export class DailyQuota implements Memory {
  #day = Number.NaN
  readonly #counts = new Map<string, number>()

  /** True when one more is within the limit, which then counts it. */
  takes(name: string, limitPerDay: number, nowMs: number): boolean {
    const day = beijingDay(nowMs)
    if (day !== this.#day) {
      this.#day = day
      this.#counts.clear()
    }
    const count = this.#counts.get(name) ?? 0
    if (count >= limitPerDay) return false
    this.#counts.set(name, count + 1)
    return true
  }

  snapshot(): { day: number; counts: [string, number][] } {
    return { day: this.#day, counts: [...this.#counts] }
  }

  restore(kept: unknown): void {
    const { day, counts } = kept as { day: number | null; counts: [string, number][] }
    this.#day = day ?? Number.NaN // JSON has no NaN
    for (const [name, count] of counts) this.#counts.set(name, count)
  }

  reset(): void {
    this.#day = Number.NaN
    this.#counts.clear()
  }
}
