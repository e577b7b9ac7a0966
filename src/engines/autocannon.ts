import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Engine, LoadEvidence, LoadHooks, LoadJob } from '../contract/engine.ts'
import { HarnessError, type HarnessErrorRecord } from '../contract/errors.ts'
import { quantile } from '../contract/histogram.ts'
import { latencyTable } from '../contract/latency.ts'
import { describeShape } from '../contract/shape.ts'
import { now } from '../world/clock.ts'
import { driveAutocannon } from './autocannon-clients.ts'
import { CpuMeter } from './cpu-meter.ts'
import { Crowd } from './crowd.ts'
import { expectedUsers } from './expected-users.ts'
import { LoadRecorder } from './load-recorder.ts'
import { DEAD_SECONDS, SecondWatch } from './second-watch.ts'
import { loadUserModules } from './user-modules.ts'

/** Saturates a target: autocannon inside this process, closed loop. */
const autocannonEngine: Engine = {
  id: 'autocannon',
  about:
    'Closed-loop load inside the harness, to see how much a target can take at all: each user waits for its answer, so a slow target slows it.',
  model: 'closed',
  run,
}
export default autocannonEngine

/** What a visit takes beside the carrier. No reserve for stalls: in a closed load each user in reserve is load. */
const VISIT_MS = 250

async function run(job: LoadJob, hooks: LoadHooks): Promise<LoadEvidence> {
  await mkdir(job.workDir, { recursive: true })
  const { plan } = job
  const users = expectedUsers(plan, latencyTable(job.carriers.latency, job.seed), job.carriers.faults, VISIT_MS)
  const recorder = new LoadRecorder()
  const startMs = performance.now()
  const measureFromMs = startMs + plan.warmUpMs
  const modules = await loadUserModules(job)
  if (modules.scenario.asksPhone === true) {
    throw new HarnessError('CONFIG', `autocannon cannot drive scenario ${modules.scenario.id}: it also asks the user's phone`, {
      hint: 'use k6 or the embedded engine',
    })
  }
  const crowd = new Crowd(job, modules, recorder, measureFromMs)
  const startedAtMs = Math.round(now() + (measureFromMs - performance.now()))
  const endMs = measureFromMs + plan.shape.durationMs
  // One thread does it all, so one core is the whole it can use.
  const cpu = new CpuMeter(1)
  let overMs: number | undefined
  let reason: LoadEvidence['end']['reason'] = 'finished'
  const end = (why: LoadEvidence['end']['reason']): void => {
    if (overMs !== undefined) return
    overMs = performance.now()
    reason = why
    crowd.close()
  }
  const onAbort = (): void => end('stopped')
  hooks.signal.addEventListener('abort', onAbort, { once: true })
  if (hooks.signal.aborted) onAbort()
  const finish = setTimeout(() => end('finished'), endMs - performance.now())
  const watch = new SecondWatch()
  const ticker = setInterval(() => {
    const atMs = performance.now()
    if (atMs >= measureFromMs && overMs === undefined) cpu.add(cpuSeconds(), atMs)
    hooks.onProgress(progress(job, recorder, watch, atMs - startMs, atMs - measureFromMs))
    if (watch.tick(recorder) >= DEAD_SECONDS) end('target-died')
  }, 1000)
  try {
    await driveAutocannon({ crowd, users, baseUrl: job.baseUrl, requestTimeoutMs: plan.requestTimeoutMs, endMs })
  } finally {
    clearTimeout(finish)
    clearInterval(ticker)
    hooks.signal.removeEventListener('abort', onAbort)
  }
  return evidence({ job, recorder, users, startedAtMs, ranMs: (overMs ?? performance.now()) - measureFromMs, reason, cpu })
}

function progress(job: LoadJob, recorder: LoadRecorder, watch: SecondWatch, elapsedMs: number, measuredMs: number) {
  const totalMs = job.plan.warmUpMs + job.plan.shape.durationMs
  const lastSecond = recorder.at(Math.floor(measuredMs / 1000) - 1, 'oneTap', 'granted')
  return {
    elapsedMs: Math.min(totalMs, elapsedMs),
    totalMs,
    ratePerSecond: recorder.attempted - watch.attempted,
    offeredPerSecond: null,
    p95Ms: lastSecond === undefined ? null : (quantile(lastSecond, 0.95) ?? null),
    failed: recorder.failed,
    dropped: 0,
  }
}

function evidence(run: {
  job: LoadJob
  recorder: LoadRecorder
  users: number
  startedAtMs: number
  ranMs: number
  reason: LoadEvidence['end']['reason']
  cpu: CpuMeter
}): LoadEvidence {
  const { job, recorder, reason } = run
  const { shape } = job.plan
  const notes = ['latency is measured inside this process, which also runs the harness']
  if (shape.kind !== 'closed') {
    notes.push(
      `the plan asks for arrivals (${describeShape(shape)}); autocannon cannot keep a rate and measure latency, so ${run.users} users came one after another instead`,
    )
  }
  return {
    engine: { id: 'autocannon', version: autocannonVersion(), model: 'closed' },
    scenario: job.plan.scenario,
    ...(job.logins === undefined ? {} : { logins: job.logins }),
    startedAtMs: run.startedAtMs,
    // A timer may fire a fraction of a millisecond early.
    durationMs: reason === 'finished' ? shape.durationMs : Math.round(Math.max(0, Math.min(shape.durationMs, run.ranMs))),
    offeredPerSecond: null,
    plannedArrivals: null,
    attempted: recorder.attempted,
    completed: recorder.completed,
    dropped: 0,
    transportErrors: recorder.transport,
    totals: recorder.totals(),
    seconds: recorder.seconds(),
    generator: { cpuShare: run.cpu.share(), maxUsers: run.users, notes },
    end: { exitCode: null, reason },
    trouble: trouble(job, recorder, reason),
  }
}

function trouble(job: LoadJob, recorder: LoadRecorder, reason: LoadEvidence['end']['reason']): HarnessErrorRecord[] {
  const found: HarnessErrorRecord[] = []
  if (reason === 'target-died') {
    const message = `${job.baseUrl} gave no reply to any request for three seconds; the load was ended early`
    found.push({ code: 'TARGET_DIED', message })
  }
  if (recorder.threw > 0) {
    const message = `${recorder.threw} visits ended in an exception of the scenario or the target module`
    found.push({ code: 'ENGINE_FAILED', message })
  }
  return found
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function autocannonVersion(): string {
  const { version } = createRequire(import.meta.url)('autocannon/package.json') as { version: string }
  return version
}
