import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import type { Engine, LoadEvidence, LoadHooks, LoadJob } from '../contract/engine.ts'
import { sourceRange } from '../lab/source-address.ts'
import { now } from '../world/clock.ts'
import { CpuMeter } from './cpu-meter.ts'
import { type FindK6Options, findK6, type K6Binary } from './k6-binary.ts'
import { bundleForK6 } from './k6-bundle.ts'
import { k6Evidence, type StopReason } from './k6-evidence.ts'
import { K6Fleet } from './k6-fleet.ts'
import { k6Plan } from './k6-plan.ts'
import { DeathWatch, LoadMeter } from './load-meter.ts'
import { loadTiming } from './load-timing.ts'
import { type RemoteWriteReceiver, startReceiver } from './remote-write.ts'

/** Drives load with k6. `finding` says where to look for it and who is told while a build takes its time. */
export function k6Engine(finding: FindK6Options = {}): Engine {
  return {
    id: 'k6',
    about: 'Open-model load by k6 2.x: arrivals keep coming at their rate however slow the target gets.',
    model: 'open',
    run: async (job, hooks) => runK6(await findK6(finding), job, hooks),
  }
}

/** How long k6 may take to write its summary after it was told to stop. */
const STOP_GRACE_MS = 10_000
/** k6 needs this long at most to make its users ready and to write its summary, beside the load itself. */
const OVERHEAD_MS = 60_000
const CPU_EVERY_MS = 500

async function runK6(binary: K6Binary, job: LoadJob, hooks: LoadHooks): Promise<LoadEvidence> {
  await mkdir(job.workDir, { recursive: true })
  await bundleForK6(job, k6Plan(job))
  const timing = loadTiming(job.plan)
  const cpu = new CpuMeter(availableParallelism())
  const meter = new LoadMeter(job.plan, timing.totalMs, job.logins)
  const generators = job.plan.generators ?? 1
  const death = new DeathWatch(generators)
  let onDeath = (): void => undefined
  const receiver = await startReceiver((step, live) => {
    const progress = meter.take(step, live, now())
    if (progress !== undefined) hooks.onProgress(progress)
    if (death.sees(step)) onDeath()
  }, generators)
  try {
    meter.start(now())
    const sources = await sourceRange(job.baseUrl)
    const k6 = await K6Fleet.start(binary.path, job, { receiverUrl: generator => receiver.urlOf(generator), sources })
    const cpuTimer = setInterval(() => void sampleCpu(k6, cpu, receiver), CPU_EVERY_MS)
    const stopping = new Stopping(k6, hooks, timing.totalMs + timing.gracefulStopMs + OVERHEAD_MS)
    onDeath = () => stopping.stop('target-died')
    const ended = k6
      .ended(() => stopping.stop('generator-died'))
      .finally(() => {
        clearInterval(cpuTimer)
        stopping.dispose()
      })
    await Promise.race([k6.go(), ended])
    const startedMs = now()
    meter.start(startedMs)
    await ended
    const { exitCode, summary, instances, lastWords, notGranted } = await k6.end(receiver.live)
    return k6Evidence({
      job,
      binary,
      live: receiver.live,
      refusedPushes: receiver.refused,
      summary,
      exitCode,
      instances,
      stop: stopping.reason === undefined ? undefined : { reason: stopping.reason, atMs: stopping.atMs },
      // With no visit measured there is no better figure than the plan's.
      fallbackStartMs: startedMs + timing.measuredAtMs,
      endedMs: now(),
      lastPushMs: meter.lastPushMs,
      cpuShare: cpu.share(),
      notGranted,
      lastWords,
    })
  } finally {
    await receiver.close()
  }
}

async function sampleCpu(k6: K6Fleet, cpu: CpuMeter, receiver: RemoteWriteReceiver): Promise<void> {
  // Starting up and warming up are not what the figure is about.
  if (receiver.live.startedAtMs === undefined) return
  const seconds = await k6.cpuSeconds()
  if (seconds !== undefined) cpu.add(seconds, now())
}

/** Ends k6 once, for the first reason that comes up: the caller's signal, a dead target, or k6 itself hanging. */
class Stopping {
  reason: StopReason | undefined
  atMs = 0
  private readonly k6: K6Fleet
  private readonly hooks: LoadHooks
  private readonly overdue: NodeJS.Timeout
  private readonly onAbort = (): void => this.stop('stopped')

  constructor(k6: K6Fleet, hooks: LoadHooks, mostMs: number) {
    this.k6 = k6
    this.hooks = hooks
    this.overdue = setTimeout(() => this.stop('overdue'), mostMs)
    hooks.signal.addEventListener('abort', this.onAbort, { once: true })
    if (hooks.signal.aborted) this.stop('stopped')
  }

  stop(reason: StopReason): void {
    if (this.reason !== undefined) return
    this.reason = reason
    this.atMs = now()
    // A failure to start also ends `ended`, and is thrown where the run awaits it.
    this.k6.stop(STOP_GRACE_MS).catch(() => undefined)
  }

  dispose(): void {
    clearTimeout(this.overdue)
    this.hooks.signal.removeEventListener('abort', this.onAbort)
  }
}

export default k6Engine()
