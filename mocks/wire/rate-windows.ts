interface Window {
  second: number
  calls: number
}

/** Counts calls per name and second of the wall clock. */
export class RateWindows {
  readonly #windows = new Map<string, Window>()

  /** 0 when the call is within the limit, which then counts it; else milliseconds until the next second begins. */
  waitMs(name: string, limitPerSecond: number, nowMs: number): number {
    const second = Math.floor(nowMs / 1000)
    let window = this.#windows.get(name)
    if (window?.second !== second) {
      window = { second, calls: 0 }
      this.#windows.set(name, window)
    }
    if (window.calls >= limitPerSecond) return Math.ceil((second + 1) * 1000 - nowMs) || 1
    window.calls++
    return 0
  }
}
