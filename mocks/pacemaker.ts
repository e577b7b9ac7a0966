import { Worker } from 'node:worker_threads'
import { preciseNowMs, threadsNowNs } from './clock.ts'
import { DeadlineHeap } from './deadline-heap.ts'

/** Runs things at a moment, nearer than a timer's millisecond. */
export interface Pacemaker {
  /** `dueMs` on preciseNowMs's scale. Never early; at once (in this turn) when it is past. */
  at(dueMs: number, run: () => void): void
  /** Drops what is waiting. */
  close(): Promise<void>
}

/** The bell rings this much early, to pay for its own way; the rest is waited for turn by turn. */
const EARLY_MS = 0.08

/**
 * Node's timers fire up to two milliseconds late, and waiting turn by turn keeps a core busy that the backend under test needs.
 * So a thread beside sleeps on a futex, which has microseconds, and rings when the earliest deadline is due.
 */
export function pacemaker(): Pacemaker {
  const heap = new DeadlineHeap()
  const shared = new SharedArrayBuffer(16)
  const order = new Int32Array(shared, 0, 1)
  const dueNs = new BigInt64Array(shared, 8, 1)
  // The same file type as this one: .ts where Node strips types, .js when built.
  const script = new URL(import.meta.url.endsWith('.ts') ? './pacemaker-bell.ts' : './pacemaker-bell.js', import.meta.url)
  const bell = new Worker(script, { workerData: shared })
  let armedForMs = Number.POSITIVE_INFINITY
  let turn: NodeJS.Immediate | undefined

  const arm = (nowMs: number): void => {
    const earliest = heap.earliest
    if (earliest === undefined || turn !== undefined || earliest.dueMs >= armedForMs) return
    const sleepMs = earliest.dueMs - nowMs - EARLY_MS
    if (sleepMs <= 0) {
      turn = setImmediate(ring)
      return
    }
    armedForMs = earliest.dueMs
    Atomics.store(dueNs, 0, threadsNowNs() + BigInt(Math.round(sleepMs * 1e6)))
    Atomics.add(order, 0, 1)
    Atomics.notify(order, 0)
  }
  const ring = (): void => {
    turn = undefined
    let nowMs = preciseNowMs()
    for (let head = heap.earliest; head !== undefined && head.dueMs <= nowMs; head = heap.earliest) {
      heap.pop()
      head.run()
      nowMs = preciseNowMs()
    }
    arm(nowMs)
  }
  bell.on('message', () => {
    armedForMs = Number.POSITIVE_INFINITY
    if (turn === undefined) ring()
  })
  bell.unref()
  return {
    at: (dueMs, run) => {
      const nowMs = preciseNowMs()
      if (dueMs <= nowMs) {
        run()
        return
      }
      heap.push({ dueMs, run })
      arm(nowMs)
    },
    close: async () => {
      clearImmediate(turn)
      heap.clear()
      await bell.terminate()
    },
  }
}
