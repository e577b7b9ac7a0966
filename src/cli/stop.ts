import { EXIT } from '../contract/exit-code.ts'
import type { StopRequest } from '../run/parts.ts'
import { now } from '../world/clock.ts'
import type { Shutdown } from '../world/shutdown.ts'
import { out } from './output.ts'

/** Two signals closer than this are one: a terminal and a launcher both pass Ctrl-C on. */
const SAME_PRESS_MS = 400

/** First Ctrl-C or SIGTERM: stop gracefully, keep the evidence, write the report. Second: stop everything now. */
export function listenForStop(shutdown: Shutdown): StopRequest & { dispose(): void } {
  const controller = new AbortController()
  let why: 'interrupted' | 'terminated' = 'interrupted'
  let firstMs: number | undefined
  const onSignal = (signal: NodeJS.Signals): void => {
    if (firstMs === undefined) {
      firstMs = now()
      why = signal === 'SIGINT' ? 'interrupted' : 'terminated'
      out.line('stopping; what was measured is kept (once more to stop at once)')
      controller.abort()
    } else if (now() - firstMs > SAME_PRESS_MS) {
      void shutdown.run().then(() => process.exit(why === 'interrupted' ? EXIT.interrupted : EXIT.terminated))
    }
  }
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, onSignal)
  return {
    signal: controller.signal,
    reason: () => why,
    dispose: () => {
      for (const signal of signals) process.off(signal, onSignal)
    },
  }
}
