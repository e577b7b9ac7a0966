import { Worker } from 'node:worker_threads'
import { ownModule } from '../world/own-module.ts'

/** Wakes this thread at a moment, nearer than a timer's millisecond. */
export interface ArrivalBell {
  /** Runs `wake` at `dueMs` on the clock of `performance.now()`, or as soon as may be when that is past. One moment at a time: asked again, the earlier one is forgotten. */
  at(dueMs: number): void
  close(): Promise<void>
}

/** The bell rings this much early, to pay for its own way. What it rings too early is waited out turn by turn. */
const EARLY_MS = 0.06

/**
 * Node's timers fire up to two milliseconds late, which at 500 arrivals a second is a whole arrival, and waiting turn by turn takes
 * a core. So a thread beside (arrival-bell-thread.ts) sleeps on a futex, which has microseconds, and rings.
 */
export function arrivalBell(wake: () => void): ArrivalBell {
  const shared = new SharedArrayBuffer(16)
  const order = new Int32Array(shared, 0, 1)
  const dueNs = new BigInt64Array(shared, 8, 1)
  const bell = new Worker(ownModule('./arrival-bell-thread.ts', import.meta.url), { workerData: shared })
  let dueMs = Number.POSITIVE_INFINITY
  let turn: NodeJS.Immediate | undefined

  const ring = (): void => {
    turn = undefined
    if (performance.now() < dueMs) {
      // Rung for a moment that was put off since, or a little early.
      if (dueMs - performance.now() <= 2 * EARLY_MS) turn = setImmediate(ring)
      return
    }
    dueMs = Number.POSITIVE_INFINITY
    wake()
  }
  bell.on('message', () => {
    if (turn === undefined) ring()
  })
  return {
    at(moment) {
      dueMs = moment
      const sleepMs = moment - performance.now() - EARLY_MS
      if (sleepMs <= 0) {
        turn ??= setImmediate(ring)
        return
      }
      Atomics.store(dueNs, 0, process.hrtime.bigint() + BigInt(Math.round(sleepMs * 1e6)))
      Atomics.add(order, 0, 1)
      Atomics.notify(order, 0)
    },
    async close() {
      clearImmediate(turn)
      dueMs = Number.POSITIVE_INFINITY
      await bell.terminate()
    },
  }
}
