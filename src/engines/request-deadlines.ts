/** What can run out of time. */
export interface Expiring {
  late(): void
}

/** How often the oldest request is looked at: a request given up is this much late at most. */
const SWEEP_EVERY_MS = 10

/**
 * Ends requests that take too long. All of them may take equally long, so the oldest is always the next to expire and one timer
 * serves them all; a timer each would cost more than the request.
 */
export class RequestDeadlines {
  /** In order of sending. */
  private readonly waiting = new Map<Expiring, number>()
  private readonly timeoutMs: number
  private readonly nowMs: () => number
  private readonly timer: NodeJS.Timeout

  constructor(timeoutMs: number, nowMs: () => number = () => performance.now()) {
    this.timeoutMs = timeoutMs
    this.nowMs = nowMs
    this.timer = setInterval(() => this.sweep(), SWEEP_EVERY_MS)
  }

  add(request: Expiring): void {
    this.waiting.set(request, this.nowMs() + this.timeoutMs)
  }

  delete(request: Expiring): void {
    this.waiting.delete(request)
  }

  sweep(): void {
    const nowMs = this.nowMs()
    for (const [request, dueMs] of this.waiting) {
      if (dueMs > nowMs) return
      this.waiting.delete(request)
      request.late()
    }
  }

  close(): void {
    clearInterval(this.timer)
    this.waiting.clear()
  }
}
