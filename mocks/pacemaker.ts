import { preciseNowMs } from './clock.ts'
import { DeadlineHeap } from './deadline-heap.ts'

/** Runs things at a moment, nearer than a timer's millisecond. */
export interface Pacemaker {
  /** `dueMs` on preciseNowMs's scale. Never early; at once (in this turn) when it is past. */
  at(dueMs: number, run: () => void): void
  /** Drops what is waiting. */
  close(): void
}

/** A timer fires up to this much after its whole millisecond; the rest is waited for turn by turn. */
const TURN_BY_TURN_MS = 1.2

export function pacemaker(): Pacemaker {
  const heap = new DeadlineHeap()
  let timer: NodeJS.Timeout | undefined
  let turn: NodeJS.Immediate | undefined
  let timerDueMs = Number.POSITIVE_INFINITY

  const arm = (nowMs: number): void => {
    const earliest = heap.earliest
    if (earliest === undefined || turn !== undefined) return
    const waitMs = earliest.dueMs - nowMs - TURN_BY_TURN_MS
    if (waitMs < 1) {
      turn = setImmediate(ring)
      return
    }
    if (timer !== undefined && timerDueMs <= earliest.dueMs) return
    clearTimeout(timer)
    timerDueMs = earliest.dueMs
    timer = setTimeout(wake, Math.floor(waitMs))
  }
  const wake = (): void => {
    timer = undefined
    timerDueMs = Number.POSITIVE_INFINITY
    ring()
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
    close: () => {
      clearTimeout(timer)
      clearImmediate(turn)
      heap.clear()
    },
  }
}
