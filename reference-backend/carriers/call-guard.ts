import type { GuardCall, Shed } from '../controls/carrier-calls.ts'

export interface CallGuardSettings {
  /** Calls to one carrier at the same time. */
  maxConcurrent: number
  /** Logins that may wait for a call to end; the next is turned away at once. */
  maxWaiting: number
  /** False when the budget for calls to all carriers is spent for now. */
  takeBudget: () => boolean
  nowMs: () => number
}

/** Failures are looked at over so long a time, once there are so many calls in it, and then so large a part must have failed. */
const WINDOW_MS = 10_000
const LEAST_CALLS = 50
const FAILED_PART = 0.5
/** After which the carrier is tried again. Short: a carrier that is back must not be kept waiting. */
const OPEN_MS = 1000
const TRIAL_CALLS = 5

/** Bulkhead, circuit breaker and budget around the calls to one carrier. */
export function guardedCalls(settings: CallGuardSettings): GuardCall {
  const breaker = circuitBreaker(settings.nowMs)
  const bulkhead = boundedQueue(settings.maxConcurrent, settings.maxWaiting)
  return async call => {
    if (!bulkhead.hasRoom() || !breaker.mayCall() || !settings.takeBudget()) return shed()
    await bulkhead.enter()
    try {
      const answer = await call()
      breaker.note(answer.kind !== 'failed')
      return answer
    } finally {
      bulkhead.leave()
    }
  }
}

function shed(): Shed {
  return { kind: 'shed', retryAfterSeconds: Math.ceil(OPEN_MS / 1000) }
}

function boundedQueue(maxConcurrent: number, maxWaiting: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return {
    hasRoom: (): boolean => running < maxConcurrent || waiting.length < maxWaiting,
    enter: async (): Promise<void> => {
      if (running < maxConcurrent) running++
      // Who leaves passes the place on, so it is never free in between.
      else await new Promise<void>(resolve => waiting.push(resolve))
    },
    leave: (): void => {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    },
  }
}

function circuitBreaker(nowMs: () => number) {
  let windowEndsAtMs = 0
  let calls = 0
  let failures = 0
  let openUntilMs = 0
  let trials = 0
  const begin = (): void => {
    windowEndsAtMs = nowMs() + WINDOW_MS
    calls = 0
    failures = 0
  }
  return {
    mayCall: (): boolean => {
      if (openUntilMs === 0) return true
      if (nowMs() < openUntilMs) return false
      return ++trials <= TRIAL_CALLS
    },
    note: (good: boolean): void => {
      if (openUntilMs !== 0) {
        if (nowMs() < openUntilMs) return
        // One trial decides: good closes, bad opens for another while.
        openUntilMs = good ? 0 : nowMs() + OPEN_MS
        trials = 0
        begin()
        return
      }
      if (nowMs() >= windowEndsAtMs) begin()
      calls++
      if (!good) failures++
      if (calls >= LEAST_CALLS && failures >= calls * FAILED_PART) {
        openUntilMs = nowMs() + OPEN_MS
        trials = 0
      }
    },
  }
}

/** So many calls a second over all carriers; a second's unused part is not saved up. 0 is no bound. */
export function callBudget(callsPerSecond: number, nowMs: () => number): () => boolean {
  let second = 0
  let left = callsPerSecond
  return () => {
    if (callsPerSecond === 0) return true
    const now = Math.floor(nowMs() / 1000)
    if (now !== second) {
      second = now
      left = callsPerSecond
    }
    return left-- > 0
  }
}
