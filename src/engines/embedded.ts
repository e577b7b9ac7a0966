import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Engine, LoadEvidence, LoadHooks, LoadJob } from '../contract/engine.ts'
import { sourceRange } from '../lab/source-address.ts'
import { now } from '../world/clock.ts'
import { CpuMeter } from './cpu-meter.ts'
import { type EmbeddedStop, embeddedEvidence } from './embedded-evidence.ts'
import { type GeneratorProcess, startGenerator } from './embedded-process.ts'
import { EmbeddedProgress } from './embedded-progress.ts'
import { loadTiming } from './load-timing.ts'
import { DEAD_SECONDS } from './second-watch.ts'
import { bundleUserModules } from './user-modules.ts'

/** Drives load without anything to install, in processes of its own. */
const embedded: Engine = {
  id: 'embedded',
  about:
    'Open-model load by undici in processes of its own, with nothing to install: arrivals keep coming at their rate, each timed from when it was due.',
  model: 'open',
  run: runEmbedded,
}
export default embedded

/** Between the word to go and the start of the load's clock: every generator has heard it by then. */
const HEADSTART_MS = 100
/** How long a generator may take to end and tell its figures after the last visit it waits for. */
const OVERHEAD_MS = 15_000

async function runEmbedded(job: LoadJob, hooks: LoadHooks): Promise<LoadEvidence> {
  await mkdir(job.workDir, { recursive: true })
  const flowFile = await bundleUserModules(job)
  const of = job.plan.generators ?? 1
  const ownAddresses = (await sourceRange(job.baseUrl)) !== undefined
  const progress = new EmbeddedProgress(job.plan)
  const generators = Array.from({ length: of }, (_, index) =>
    startGenerator({ job, flowFile, segment: { index, of }, ownAddresses }),
  )
  const run = new Running(job, hooks, generators, progress)
  try {
    await Promise.all(generators.map(generator => generator.ready))
    return await run.toTheEnd()
  } catch (cause) {
    // One that cannot run takes the others with it.
    for (const generator of generators) generator.stop(0)
    throw cause
  }
}

/** A load under way: watches the generators, tells of them, and ends them once, for the first reason that comes up. */
class Running {
  private readonly job: LoadJob
  private readonly hooks: LoadHooks
  private readonly generators: readonly GeneratorProcess[]
  private readonly progress: EmbeddedProgress
  private stop: EmbeddedStop | undefined

  constructor(job: LoadJob, hooks: LoadHooks, generators: readonly GeneratorProcess[], progress: EmbeddedProgress) {
    this.job = job
    this.hooks = hooks
    this.generators = generators
    this.progress = progress
  }

  async toTheEnd(): Promise<LoadEvidence> {
    const { job, hooks, generators } = this
    const timing = loadTiming(job.plan)
    const startMs = now() + HEADSTART_MS
    const measuredFromMs = startMs + timing.measuredAtMs
    // Each generator is one thread at heart, so a core each is the whole they can use.
    const cpu = new CpuMeter(Math.min(generators.length, availableParallelism()))
    for (const generator of generators) generator.go(startMs)
    const overdue = setTimeout(() => this.end('overdue'), timing.totalMs + timing.gracefulStopMs + OVERHEAD_MS)
    const onAbort = (): void => this.end('stopped')
    hooks.signal.addEventListener('abort', onAbort, { once: true })
    if (hooks.signal.aborted) onAbort()
    const ticker = setInterval(() => {
      const nowMs = now()
      const seconds = generators.reduce((sum, generator) => sum + (generator.last?.cpuSeconds ?? 0), 0)
      if (nowMs >= measuredFromMs && nowMs < measuredFromMs + job.plan.shape.durationMs) cpu.add(seconds, nowMs)
      const { progress, deadSeconds } = this.progress.take(generators, nowMs - startMs)
      hooks.onProgress(progress)
      if (deadSeconds >= DEAD_SECONDS) this.end('target-died')
    }, 1000)
    try {
      const exitCodes = await Promise.all(generators.map(generator => this.endOf(generator)))
      const stop = this.stop
      return embeddedEvidence({ job, generators, exitCodes, stop, measuredFromMs, endedMs: now(), cpuShare: cpu.share() })
    } finally {
      clearTimeout(overdue)
      clearInterval(ticker)
      hooks.signal.removeEventListener('abort', onAbort)
    }
  }

  private async endOf(generator: GeneratorProcess): Promise<number | null> {
    const exitCode = await generator.ended
    // Without its share the load is not the one that was planned: there is no use in going on.
    if (generator.ending === undefined) this.end('generator-died')
    return exitCode
  }

  private end(reason: EmbeddedStop['reason']): void {
    if (this.stop !== undefined) return
    this.stop = { reason, atMs: now() }
    const graceMs = reason === 'overdue' ? 0 : loadTiming(this.job.plan).gracefulStopMs + OVERHEAD_MS
    for (const generator of this.generators) generator.stop(graceMs)
  }
}
