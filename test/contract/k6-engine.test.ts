import { rmSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { LoadEvidence, LoadJob, SeriesTotal } from '../../src/contract/engine.ts'
import { armFaults, isDoomed } from '../../src/contract/fault.ts'
import type { StepOutcome } from '../../src/contract/flow.ts'
import { mergeHistograms, quantile } from '../../src/contract/histogram.ts'
import type { LatencyProfile } from '../../src/contract/latency.ts'
import { VISIT_SPAN } from '../../src/contract/visit.ts'
import { k6Engine } from '../../src/engines/k6.ts'
import { collectingHooks, fakeJob, SEED } from './fake-backend/job.ts'
import { type FakeBackend, type FakeBackendOptions, startFakeBackend } from './fake-backend/server.ts'
import { noK6, realK6 } from './real-k6.ts'

const engine = k6Engine(realK6 === undefined ? { offline: true } : { path: realK6.path })
let backend: FakeBackend
let job: LoadJob | undefined

afterEach(async () => {
  await backend.close()
  if (job !== undefined) rmSync(job.workDir, { recursive: true, force: true })
})

async function prepare(options: Omit<FakeBackendOptions, 'seed'>, change: Parameters<typeof fakeJob>[1] = {}): Promise<LoadJob> {
  backend = await startFakeBackend({ seed: SEED, ...options })
  job = fakeJob(backend.url, change)
  return job
}

function total(evidence: LoadEvidence, series: string, outcome: StepOutcome): SeriesTotal {
  const found = evidence.totals.find(t => t.series === series && t.outcome === outcome)
  if (found === undefined)
    throw new Error(`no ${series} ${outcome} in ${JSON.stringify(evidence.totals.map(t => [t.series, t.outcome]))}`)
  return found
}

function exactQuantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}

describe.skipIf(noK6)('the k6 engine', () => {
  const latency: LatencyProfile = { kind: 'lognormal', medianMs: 40, p99Ms: 160 }

  it('counts what the backend counted, visit by visit and token by token', async () => {
    const faults = [{ id: 'error-rate', share: 0.2, answer: 'http' }] as const
    const plan = await prepare(
      { faults, latency },
      { firstIndex: 1000, carriers: { ...fakeJob('').carriers, faults, latency }, plan: { warmUpMs: 500 } },
    )
    const evidence = await engine.run(plan, collectingHooks().hooks)
    expect(evidence.trouble).toEqual([])
    expect(evidence).toMatchObject({ end: { reason: 'finished' }, plannedArrivals: 200, dropped: 0, transportErrors: 0 })

    const indices = backend.logins.map(login => login.claims?.tokenIndex ?? -1)
    const measured = indices.filter(index => index < 1000 + VISIT_SPAN.warmUp)
    const hit = measured.filter(index => isDoomed(armFaults(faults, SEED, 'china-mobile', ''), index, 0))
    expect(new Set(indices).size).toBe(indices.length)
    expect(Math.min(...measured)).toBe(1000)
    expect(indices.length - measured.length).toBeGreaterThan(10)
    expect(backend.logins.every(login => login.authCodeOk)).toBe(true)

    expect(evidence.attempted).toBe(measured.length)
    expect(evidence.completed).toBe(measured.length)
    expect(total(evidence, 'oneTap', 'granted').count).toBe(measured.length - hit.length)
    expect(total(evidence, 'oneTap', 'carrier-failed').count).toBe(hit.length)
    expect(total(evidence, 'me', 'granted').count).toBe(measured.length - hit.length)
    for (const { series, outcome, count, histogram } of evidence.totals) {
      const seconds = evidence.seconds.filter(s => s.series === series && s.outcome === outcome)
      expect([histogram.count, mergeHistograms(seconds.map(s => s.histogram)).count]).toEqual([count, count])
    }
  })

  it('knows delays and faults that begin in the middle of the load', async () => {
    // Far enough ahead for k6 to have begun, and short of the load's end.
    const originMs = Date.now() + 3000
    const step: LatencyProfile = {
      kind: 'step',
      before: { kind: 'fixed', ms: 5 },
      atMs: 0,
      after: { kind: 'fixed', ms: 150 },
      originMs,
    }
    const faults = [{ id: 'error-rate', share: 0.3, answer: 'http', fromMs: 0, originMs }] as const
    const shape = { kind: 'constant-arrival-rate', ratePerSecond: 40, durationMs: 5000 } as const
    const plan = await prepare(
      { faults, latency: step, ownMs: 10 },
      { carriers: { ...fakeJob('').carriers, faults, latency: step }, plan: { shape } },
    )
    const evidence = await engine.run(plan, collectingHooks().hooks)
    const late = backend.logins.filter(login => login.claims!.issuedAtMs >= originMs)
    const armed = armFaults(faults, SEED, 'china-mobile', '')
    const hit = late.filter(({ claims }) => isDoomed(armed, claims!.tokenIndex, claims!.issuedAtMs))
    expect(late.length).toBeGreaterThan(20)
    expect(backend.logins.length).toBeGreaterThan(late.length + 20)
    expect(total(evidence, 'oneTap', 'carrier-failed').count).toBe(hit.length)
    expect(total(evidence, 'oneTap', 'granted').count).toBe(backend.logins.length - hit.length)
    // Were the step unknown to the generator, the late logins would seem to cost the backend 145 ms more.
    const added = total(evidence, 'backend_added', 'granted').histogram
    expect(quantile(added, 0.05)).toBeGreaterThan(9.5)
    expect(quantile(added, 0.9)).toBeLessThan(100)
  })

  it('reads quantiles off its histograms within 1.5 % of the exact ones', async () => {
    const evidence = await engine.run(
      await prepare({ latency }, { plan: { shape: { kind: 'constant-arrival-rate', ratePerSecond: 250, durationMs: 2000 } } }),
      collectingHooks().hooks,
    )
    const { exact, histogram, count } = total(evidence, 'oneTap', 'granted')
    expect(count).toBeGreaterThan(450)
    // Below p95 the samples lie close enough that it does not matter between which two a quantile is read.
    for (const [q, value] of [
      [0.5, exact?.p50],
      [0.9, exact?.p90],
    ] as const) {
      expect(Math.abs((quantile(histogram, q) ?? 0) / (value ?? 0) - 1)).toBeLessThan(0.015)
    }
    const last = histogram.buckets.at(-1)?.[0] ?? 0
    expect(Math.abs(last - Math.ceil(Math.log(exact?.max ?? 0) / histogram.logBase))).toBeLessThanOrEqual(1)
    // The client sees what the server did, and its own part of the way.
    const served = exactQuantile(
      backend.logins.map(login => login.tookMs),
      0.5,
    )
    expect(exact?.p50).toBeGreaterThan(served * 0.985)
  })

  it('tells what the backend added apart from what the carrier cost', async () => {
    const plan = await prepare({ latency, ownMs: 30 }, { carriers: { ...fakeJob('').carriers, latency } })
    const evidence = await engine.run(plan, collectingHooks().hooks)
    const { exact } = total(evidence, 'backend_added', 'granted')
    // The backend sleeps 30 ms of its own; all the rest of a login, 18 to 250 ms, is the carrier's and gone from this series.
    expect(exact?.min).toBeGreaterThan(29)
    expect(exact?.p50).toBeLessThan(60)
    expect(total(evidence, 'oneTap', 'granted').exact?.p90).toBeGreaterThan((exact?.p90 ?? 0) + 20)
  })

  it('sees arrivals that found no free user', async () => {
    const stall = { atMs: 300, forMs: 1000 }
    const plan = await prepare({ stall }, { plan: { maxUsers: 3 } })
    const { hooks, progress } = collectingHooks()
    const evidence = await engine.run(plan, hooks)
    expect(evidence.dropped).toBeGreaterThan(30)
    expect(Math.abs(evidence.attempted + evidence.dropped - 200)).toBeLessThanOrEqual(2)
    expect(progress.at(-1)?.dropped).toBe(evidence.dropped)
  })

  it('drives a closed load with its users', async () => {
    const plan = await prepare({ ownMs: 50 }, { plan: { shape: { kind: 'closed', users: 4, durationMs: 1500 } } })
    const evidence = await engine.run(plan, collectingHooks().hooks)
    expect(evidence).toMatchObject({ engine: { model: 'closed' }, offeredPerSecond: null, plannedArrivals: null })
    expect(evidence.generator.maxUsers).toBe(4)
    // Four users, at least 50 ms a visit.
    expect(evidence.attempted).toBeGreaterThan(4)
    expect(evidence.attempted).toBeLessThanOrEqual(4 * 31)
  })

  it('sends no cookie that the target module did not ask for', async () => {
    await engine.run(await prepare({}), collectingHooks().hooks)
    expect(backend.requests.length).toBeGreaterThan(300)
    expect(backend.requests.filter(request => request.cookie !== undefined)).toEqual([])
  })

  it('stops when told to and keeps what was measured', async () => {
    const plan = await prepare({}, { plan: { shape: { kind: 'constant-arrival-rate', ratePerSecond: 100, durationMs: 60_000 } } })
    const { hooks, stop } = collectingHooks(count => count === 2 && stop())
    const evidence = await engine.run(plan, hooks)
    expect(evidence.end.reason).toBe('stopped')
    expect(evidence.attempted).toBeGreaterThan(20)
    expect(evidence.durationMs).toBeLessThan(30_000)
    expect(total(evidence, 'oneTap', 'granted').exact).toBeDefined()
  })

  it.runIf(process.platform === 'linux')('keeps the figures up to the last second when k6 is killed', async () => {
    const plan = await prepare({}, { plan: { shape: { kind: 'constant-arrival-rate', ratePerSecond: 100, durationMs: 60_000 } } })
    const { hooks } = collectingHooks(count => count === 2 && void killK6In(plan.workDir))
    const evidence = await engine.run(plan, hooks)
    expect(evidence.end.reason).toBe('engine-died')
    expect(evidence.trouble.map(t => t.code)).toEqual(['ENGINE_FAILED'])
    expect(evidence.attempted).toBeGreaterThan(20)
    expect(total(evidence, 'oneTap', 'granted').histogram.count).toBeGreaterThan(20)
  })

  it('gives up a target that answers nothing any more', async () => {
    const plan = await prepare({}, { plan: { shape: { kind: 'constant-arrival-rate', ratePerSecond: 50, durationMs: 60_000 } } })
    const { hooks } = collectingHooks(count => count === 2 && backend.die())
    const evidence = await engine.run(plan, hooks)
    expect(evidence.end.reason).toBe('target-died')
    expect(evidence.trouble.map(t => t.code)).toEqual(['TARGET_DIED'])
    expect(evidence.transportErrors).toBeGreaterThan(50)
    expect(total(evidence, 'nonce', 'failed').count).toBeGreaterThan(50)
  })

  it('reports a target module that throws in every visit', async () => {
    const evidence = await engine.run(await prepare({}, { vars: { breakBody: 'yes' } }), collectingHooks().hooks)
    expect(evidence.completed).toBe(evidence.attempted)
    expect(evidence.trouble).toMatchObject([
      { code: 'ENGINE_FAILED', message: expect.stringContaining(`${evidence.attempted} visits`) },
    ])
  })

  it('says why when nothing could be started', async () => {
    const plan = await prepare({}, { plan: { shape: { kind: 'constant-arrival-rate', ratePerSecond: 10, durationMs: 0 } } })
    await expect(engine.run(plan, collectingHooks().hooks)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: expect.stringContaining('options'),
      hint: expect.stringContaining('duration'),
    })
  })
})

/** Kills the k6 whose working folder this is, and nothing else. Finds it in /proc, so Linux only. */
async function killK6In(workDir: string): Promise<void> {
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    if (folder === workDir && command.startsWith(`${realK6?.path}\0run`)) process.kill(Number(pid), 'SIGKILL')
  }
}
