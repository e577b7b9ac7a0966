/** What is asked of a load once a second. All counts from the start of the measured part. */
export interface LoadCounts {
  attempted: number
  /** Requests that ended, and those of them without a reply. */
  requests: number
  transport: number
}

/** What came in since the last tick, for engines that count for themselves. */
export class SecondWatch {
  /** Visits begun before the last tick. */
  attempted = 0
  private transport = 0
  private requests = 0
  private deadSeconds = 0

  /** Seconds in a row in which requests ended and none had a reply. */
  tick({ requests, transport, attempted }: LoadCounts): number {
    const ended = requests - this.requests
    const lost = transport - this.transport
    if (ended > lost) this.deadSeconds = 0
    else if (lost > 0) this.deadSeconds++
    this.requests = requests
    this.transport = transport
    this.attempted = attempted
    return this.deadSeconds
  }
}

/** Seconds without any reply after which a target is given up. */
export const DEAD_SECONDS = 3
