import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

/** Timers count whole milliseconds and may be late by more than one, so they are trusted only up to here before the end. */
const COARSE_MARGIN_MS = 2

/**
 * Waits a known time, for calibrating what a harness measures: by timer as far as timers are good, then turn by turn of the
 * event loop, which goes on serving others meanwhile. Late by about one turn of the loop (below 0.3 ms when it is not busy).
 */
export async function extraDelay(delayMs: number): Promise<void> {
  if (delayMs <= 0) return
  const endMs = performance.now() + delayMs
  const coarseMs = Math.floor(delayMs - COARSE_MARGIN_MS)
  if (coarseMs > 0) await sleep(coarseMs)
  while (performance.now() < endMs) await nextTurn()
}
