/**
 * The mocks' two clocks. Tokens age by `nowMs`, which the control plane can push forward so that expiry is tested without
 * sleeping. Time stamps a backend sends are compared with `wallMs`: the backend's own clock was not pushed.
 */
export interface MockClock {
  /** Epoch milliseconds, pushed forward. */
  nowMs(): number
  /** Epoch milliseconds as the machine sees them. */
  wallMs(): number
  advance(byMs: number): void
  /** Runs something with a wall clock that is off by so much (injected faults). */
  skewed<T>(byMs: number, run: () => T): T
  /** Milliseconds the mock is ahead of the machine. */
  readonly aheadMs: number
  reset(): void
}

export function mockClock(wallMs: () => number = Date.now): MockClock {
  let aheadMs = 0
  let skewMs = 0
  return {
    wallMs: () => wallMs() + skewMs,
    skewed: (byMs, run) => {
      skewMs = byMs
      try {
        return run()
      } finally {
        skewMs = 0
      }
    },
    nowMs: () => wallMs() + aheadMs,
    advance: byMs => {
      aheadMs += byMs
    },
    get aheadMs() {
      return aheadMs
    },
    reset: () => {
      aheadMs = 0
    },
  }
}

const ORIGIN_MS = performance.timeOrigin

/** Epoch milliseconds with fraction, for measuring: monotonic, so a corrected wall clock does not show up as latency. */
export function preciseNowMs(): number {
  return ORIGIN_MS + performance.now()
}

/** Nanoseconds on a scale that all threads of the process share; preciseNowMs's is a thread's own. */
export function threadsNowNs(): bigint {
  return process.hrtime.bigint()
}
