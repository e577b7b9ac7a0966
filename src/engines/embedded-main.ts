/**
 * Child entry: one generator of the embedded engine, spoken to over Node's channel between parent and child. It ends when the
 * channel closes, which it does when the harness dies in any way: nobody is loaded by a generator that nobody watches.
 */
import { now } from '../world/clock.ts'
import { EmbeddedGenerator } from './embedded-generator.ts'
import type { FromGenerator, GeneratorOrder, ToGenerator } from './embedded-messages.ts'
import { importUserModules, type UserModules } from './user-modules.ts'

const TICK_EVERY_MS = 250

let prepared: { order: GeneratorOrder; modules: UserModules } | undefined
let generator: EmbeddedGenerator | undefined

function tell(message: FromGenerator): void {
  process.send?.(message)
}

process.on('disconnect', () => process.exit(1))
// Ctrl-C in a terminal reaches the whole foreground group; the harness decides when its children stop.
process.on('SIGINT', () => {})
process.on('message', (message: ToGenerator) => {
  take(message).catch((cause: unknown) => {
    tell({ kind: 'unfit', message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) })
  })
})

async function take(message: ToGenerator): Promise<void> {
  if (message.kind === 'prepare') {
    prepared = { order: message, modules: await importUserModules(message.flowFile) }
    tell({ kind: 'ready' })
  } else if (message.kind === 'stop') generator?.stop()
  else await go(message.startEpochMs)
}

async function go(startEpochMs: number): Promise<void> {
  if (prepared === undefined) throw new Error('told to go before it was prepared')
  const { order, modules } = prepared
  const running = new EmbeddedGenerator(order, modules, performance.now() + (startEpochMs - now()))
  generator = running
  const ticker = setInterval(() => tell({ kind: 'tick', ...running.tick() }), TICK_EVERY_MS)
  const ending = await running.run()
  clearInterval(ticker)
  process.send?.({ kind: 'done', tick: running.tick(), ending } satisfies FromGenerator, () => process.exit(0))
}
