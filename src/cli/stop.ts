import { EXIT } from '../contract/exit-code.ts'
import type { StopRequest } from '../run/parts.ts'
import { now } from '../world/clock.ts'
import type { Shutdown } from '../world/shutdown.ts'
import { endProcess, endProcessNow } from './end-process.ts'
import { out } from './output.ts'

/** Two signals closer than this are one: a terminal and a launcher both pass Ctrl-C on. */
const SAME_PRESS_MS = 400

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** A person's wish to stop, heard from the moment anything may be running until all is written down. */
export interface Stop extends StopRequest {
  exitCode(): number
  /** The work's result, or undefined when a stop came first: then nobody waits for it any longer. */
  unlessStopped<T>(work: Promise<T>): Promise<T | undefined>
  /** Settles unless everything is being stopped by force: then the process ends soon, and nothing may be reported before. */
  settled(): Promise<void>
  dispose(): void
}

/**
 * First Ctrl-C, SIGTERM or hang-up: stop gracefully, keep the evidence, write the report. Second: stop everything now, the
 * evidence stays. Third: end this process; what it started ends by its pipes.
 */
export function listenForStop(shutdown: Shutdown): Stop {
  const controller = new AbortController()
  const { signal } = controller
  let why: 'interrupted' | 'terminated' = 'interrupted'
  let presses = 0
  let lastMs = Number.NEGATIVE_INFINITY
  const exitCode = (): number => (why === 'interrupted' ? EXIT.interrupted : EXIT.terminated)
  const onSignal = (name: NodeJS.Signals): void => {
    const atMs = now()
    if (atMs - lastMs <= SAME_PRESS_MS) return
    lastMs = atMs
    presses++
    if (presses === 1) {
      why = name === 'SIGINT' ? 'interrupted' : 'terminated'
      out.line('stopping; what was measured is kept (once more to stop at once)')
      controller.abort()
    } else if (presses === 2) void shutdown.run().then(() => endProcess(exitCode()))
    else endProcessNow(exitCode())
  }
  // A launcher (bin/onetap.js) that was killed cannot pass a signal on; its channel closes instead.
  const onLauncherGone = (): void => onSignal('SIGTERM')
  for (const name of SIGNALS) process.on(name, onSignal)
  process.on('disconnect', onLauncherGone)
  return {
    signal,
    reason: () => why,
    exitCode,
    async unlessStopped(work) {
      const { promise: stopped, resolve } = Promise.withResolvers<undefined>()
      const tell = (): void => resolve(undefined)
      signal.addEventListener('abort', tell, { once: true })
      if (signal.aborted) tell()
      try {
        return await Promise.race([work, stopped])
      } finally {
        signal.removeEventListener('abort', tell)
        // When nobody waits for it, its failure is nobody's business either.
        if (signal.aborted) work.catch(() => {})
      }
    },
    settled: () => (presses > 1 ? new Promise(() => {}) : Promise.resolve()),
    dispose() {
      for (const name of SIGNALS) process.off(name, onSignal)
      process.off('disconnect', onLauncherGone)
    },
  }
}
