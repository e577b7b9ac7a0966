import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { LoadWatch } from '../contract/evidence.ts'
import { now } from '../world/clock.ts'

const LOOK_EVERY_MS = 250
const LOOP_RESOLUTION_MS = 10

/** Watches this process and the machine's clock while a load runs; `end` gives what was noticed. */
export function watchLoad(): { end(): LoadWatch } {
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  loop.enable()
  // Both read in one turn: between the two there is nothing to wait for.
  const drift = (): number => now() - performance.now()
  let last = drift()
  let clockJumpMs = 0
  const look = (): void => {
    const current = drift()
    clockJumpMs = Math.max(clockJumpMs, Math.abs(current - last))
    last = current
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  return {
    end() {
      clearInterval(timer)
      look()
      loop.disable()
      const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - LOOP_RESOLUTION_MS)
      const loopDelayMs =
        loop.count === 0
          ? { p50: 0, p99: 0, max: 0 }
          : { p50: ms(loop.percentile(50)), p99: ms(loop.percentile(99)), max: ms(loop.max) }
      return { loopDelayMs, clockJumpMs: Math.round(clockJumpMs * 1000) / 1000 }
    },
  }
}
