import { fork } from 'node:child_process'
import type { SeriesSecond } from '../contract/engine.ts'
import { HarnessError } from '../contract/errors.ts'
import { ownModule } from '../world/own-module.ts'
import type { Segment } from './arrivals.ts'
import type { FromGenerator, GeneratorEnding, GeneratorOrder, GeneratorTick, ToGenerator } from './embedded-messages.ts'

/** A generator process as the engine sees it. */
export interface GeneratorProcess {
  readonly segment: Segment
  readonly pid: number | undefined
  /** Resolves when it can go; rejects with ENGINE_FAILED when it cannot. */
  readonly ready: Promise<void>
  /** Resolves when the process is gone, with its exit code. */
  readonly ended: Promise<number | null>
  /** The last it told; undefined before the first. */
  readonly last: GeneratorTick | undefined
  /** What it told at its own end; undefined when it died before. */
  readonly ending: GeneratorEnding | undefined
  /** All slices it told of. */
  slices(): SeriesSecond[]
  lastWords(): string
  go(startEpochMs: number): void
  /** Stops gracefully; kills it when it has not ended `graceMs` later. */
  stop(graceMs: number): void
}

export function startGenerator(order: GeneratorOrder): GeneratorProcess {
  const child = fork(ownModule('./embedded-main.ts', import.meta.url), [], {
    // In its own process group: Ctrl-C reaches the harness alone.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const slices = new Map<string, SeriesSecond>()
  let last: GeneratorTick | undefined
  let ending: GeneratorEnding | undefined
  let words = ''
  let killer: NodeJS.Timeout | undefined
  const send = (message: ToGenerator): void => {
    // A child that died breaks the channel; its exit is reported by `ended`.
    if (child.connected) child.send(message, () => undefined)
  }
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    words = (words + chunk).slice(-4000)
  })
  const ready = Promise.withResolvers<void>()
  // Whoever waits for `ready` hears of it; nobody may be waiting any more.
  ready.promise.catch(() => undefined)
  const ended = new Promise<number | null>(resolve => {
    child.once('error', cause => {
      words ||= cause.message
      ready.reject(unfit(cause.message))
      resolve(null)
    })
    child.once('close', code => {
      clearTimeout(killer)
      ready.reject(unfit(words.trim() || `ended with exit code ${code}`))
      resolve(code)
    })
  })
  const keep = (tick: GeneratorTick): void => {
    for (const slice of tick.slices) slices.set(`${slice.second} ${slice.series} ${slice.outcome}`, slice)
    last = tick
  }
  child.on('message', (message: FromGenerator) => {
    if (message.kind === 'ready') return ready.resolve()
    if (message.kind === 'unfit') {
      words = message.message
      ready.reject(unfit(message.message))
      child.kill('SIGKILL')
      return
    }
    if (message.kind === 'done') ending = message.ending
    keep(message.kind === 'done' ? message.tick : message)
  })
  send({ kind: 'prepare', ...order })
  return {
    segment: order.segment,
    pid: child.pid,
    ready: ready.promise,
    ended,
    get last() {
      return last
    },
    get ending() {
      return ending
    },
    slices: () => [...slices.values()],
    lastWords: () => words.trim(),
    go: startEpochMs => send({ kind: 'go', startEpochMs }),
    stop: graceMs => {
      send({ kind: 'stop' })
      killer ??= setTimeout(() => child.kill('SIGKILL'), graceMs)
    },
  }
}

function unfit(why: string): HarnessError {
  return new HarnessError('ENGINE_FAILED', `a generator of the embedded engine cannot run: ${why.split('\n')[0]}`, {
    hint: why.includes('\n') ? why : 'It is a Node process of its own; see whether this machine lets one be started.',
  })
}
