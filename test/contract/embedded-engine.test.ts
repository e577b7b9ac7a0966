import { rmSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { LoadEvidence, LoadJob, SeriesTotal } from '../../src/contract/engine.ts'
import { armFaults, isDoomed } from '../../src/contract/fault.ts'
import { mergeHistograms, quantile } from '../../src/contract/histogram.ts'
import type { LatencyProfile } from '../../src/contract/latency.ts'
import { VISIT_SPAN } from '../../src/contract/visit.ts'
import embedded from '../../src/engines/embedded.ts'
import { collectingHooks, fakeJob, SEED } from './fake-backend/job.ts'
import { type FakeBackend, type FakeBackendOptions, startFakeBackend } from './fake-backend/server.ts'

let backend: FakeBackend
let job: LoadJob

afterEach(async () => {
  await backend.close()
  rmSync(job.workDir, { recursive: true, force: true })
})

async function prepare(options: Omit<FakeBackendOptions, 'seed'>, change: Parameters<typeof fakeJob>[1] = {}): Promise<LoadJob> {
  backend = await startFakeBackend({ seed: SEED, ...options })
  job = fakeJob(backend.url, change)
  return job
}

function total(evidence: LoadEvidence, series: string, outcome: string): SeriesTotal {
  const found = evidence.totals.find(t => t.series === series && t.outcome === outcome)
  if (found === undefined) throw new Error(`no ${series} ${outcome}`)
  return found
}

const rate = (ratePerSecond: number, durationMs: number) =>
  ({ kind: 'constant-arrival-rate', ratePerSecond, durationMs }) as const

describe('the embedded engine', () => {
  const latency: LatencyProfile = { kind: 'lognormal', medianMs: 40, p99Ms: 160 }

  it('counts what the backend counted, visit by visit and token by token', async () => {
    const faults = [{ id: 'error-rate', share: 0.2, answer: 'http' }] as const
    const evidence = await embedded.run(
      await prepare(
        { faults, latency },
        { firstIndex: 1000, carriers: { ...fakeJob('').carriers, faults, latency }, plan: { warmUpMs: 500 } },
      ),
      collectingHooks().hooks,
    )
    expect(evidence.trouble).toEqual([])
    expect(evidence).toMatchObject({ end: { reason: 'finished' }, plannedArrivals: 200, dropped: 0, transportErrors: 0 })
    const indices = backend.logins.map(login => login.claims?.tokenIndex ?? -1)
    const measured = indices.filter(index => index < 1000 + VISIT_SPAN.warmUp)
    const hit = measured.filter(index => isDoomed(armFaults(faults, SEED, 'china-mobile', ''), index, 0))
    expect(new Set(indices).size).toBe(indices.length)
    expect(measured.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => 1000 + i))
    expect(indices.length - measured.length).toBeGreaterThan(10)
    expect(backend.logins.every(login => login.authCodeOk)).toBe(true)
    expect([evidence.attempted, evidence.completed]).toEqual([200, 200])
    expect(total(evidence, 'oneTap', 'granted').count).toBe(200 - hit.length)
    expect(total(evidence, 'oneTap', 'carrier-failed').count).toBe(hit.length)
    expect(total(evidence, 'me', 'granted').count).toBe(200 - hit.length)
    expect(evidence.notGranted, 'named one by one').toEqual(hit.map(index => index - 1000).sort((a, b) => a - b))
    for (const { series, outcome, count, histogram } of evidence.totals) {
      const seconds = evidence.seconds.filter(s => s.series === series && s.outcome === outcome)
      expect([histogram.count, mergeHistograms(seconds.map(s => s.histogram)).count]).toEqual([count, count])
    }
    expect(backend.requests.filter(request => request.cookie !== undefined)).toEqual([])
  })

  it('tells what the backend added apart from what the carrier cost', async () => {
    const carriers = { ...fakeJob('').carriers, latency }
    const evidence = await embedded.run(await prepare({ latency, ownMs: 30 }, { carriers }), collectingHooks().hooks)
    const added = total(evidence, 'backend_added', 'granted')
    expect(added.count).toBe(200)
    expect(added.exact?.min).toBeGreaterThan(29)
    expect(added.exact?.p50).toBeLessThan(60)
    expect(quantile(added.histogram, 0.5)! / (added.exact?.p50 ?? 0)).toBeCloseTo(1, 1)
  })

  it('keeps arrivals coming while the target stalls, and charges each its whole wait', async () => {
    const stall = { atMs: 500, forMs: 1000 }
    const evidence = await embedded.run(
      await prepare({ stall }, { plan: { shape: rate(100, 2500), maxUsers: 500 } }),
      collectingHooks().hooks,
    )
    expect([evidence.attempted, evidence.dropped]).toEqual([250, 0])
    // 100 of 250 logins fall into the stall and wait 0 to 1000 ms: the 80th percentile of all is the middle of those.
    const login = total(evidence, 'oneTap', 'granted').exact
    expect(Math.abs((login?.p90 ?? 0) - 750)).toBeLessThan(75)
    expect(login?.max).toBeGreaterThan(950)
    expect(evidence.generator.latenessMs?.max).toBeLessThan(400)
  })

  it('counts arrivals that found no free user, and begins none of them later', async () => {
    const { hooks, progress } = collectingHooks()
    const evidence = await embedded.run(await prepare({ stall: { atMs: 300, forMs: 1000 } }, { plan: { maxUsers: 3 } }), hooks)
    expect(evidence.dropped).toBeGreaterThan(30)
    expect(evidence.attempted + evidence.dropped).toBe(200)
    expect(backend.logins.length).toBe(evidence.attempted)
    expect(progress.at(-1)?.dropped).toBe(evidence.dropped)
  })

  it('offers a ramp as its stages say', async () => {
    const stages = [
      { toPerSecond: 100, durationMs: 1000 },
      { toPerSecond: 10, durationMs: 0 },
      { toPerSecond: 10, durationMs: 1000 },
    ]
    const shape = { kind: 'ramping-arrival-rate', fromPerSecond: 20, stages, durationMs: 2000 } as const
    const evidence = await embedded.run(await prepare({}, { plan: { shape } }), collectingHooks().hooks)
    expect(evidence).toMatchObject({ attempted: 70, plannedArrivals: 70, dropped: 0 })
    const inSecond = (second: number): number =>
      evidence.seconds.filter(s => s.second === second && s.series === 'nonce').reduce((sum, s) => sum + s.histogram.count, 0)
    expect(Math.abs(inSecond(0) - 60)).toBeLessThanOrEqual(3)
  })

  it('several generators offer one load: every token once, counts and histograms those of the whole', async () => {
    const evidence = await embedded.run(
      await prepare({ latency }, { plan: { generators: 3 }, carriers: { ...fakeJob('').carriers, latency } }),
      collectingHooks().hooks,
    )
    const indices = backend.logins.map(login => login.claims?.tokenIndex ?? -1).toSorted((a, b) => a - b)
    expect(indices).toEqual(Array.from({ length: 200 }, (_, i) => i))
    expect(evidence).toMatchObject({ attempted: 200, completed: 200, end: { reason: 'finished' }, trouble: [] })
    expect(evidence.generator.instances?.map(one => [one.index, one.reported, one.finished, one.attempted])).toEqual([
      [0, true, true, 67],
      [1, true, true, 67],
      [2, true, true, 66],
    ])
    expect(total(evidence, 'oneTap', 'granted').histogram.count).toBe(200)
    expect(total(evidence, 'oneTap', 'granted').exact).toBeUndefined()
  })

  it.runIf(process.platform === 'linux')('a generator that dies ends the load and is named', async () => {
    const { hooks } = collectingHooks(count => count === 2 && killOneGenerator())
    const evidence = await embedded.run(
      await prepare({}, { plan: { shape: rate(100, 60_000), generators: 2, requestTimeoutMs: 500 } }),
      hooks,
    )
    expect(evidence.end.reason).toBe('engine-died')
    expect(evidence.trouble[0]).toMatchObject({ code: 'ENGINE_FAILED', message: expect.stringMatching(/generator [12] of 2/) })
    expect(evidence.generator.instances?.filter(one => one.finished)).toHaveLength(1)
    expect(evidence.attempted).toBeGreaterThan(20)
    expect(evidence.durationMs).toBeLessThan(30_000)
  })

  it('drives a closed load with its users', async () => {
    const shape = { kind: 'closed', users: 4, durationMs: 1500 } as const
    const evidence = await embedded.run(await prepare({ ownMs: 50 }, { plan: { shape } }), collectingHooks().hooks)
    expect(evidence).toMatchObject({ engine: { model: 'closed' }, offeredPerSecond: null, plannedArrivals: null })
    expect(evidence.generator.maxUsers).toBe(4)
    expect(evidence.attempted).toBeGreaterThan(4)
    expect(evidence.attempted).toBeLessThanOrEqual(4 * 31)
    expect(evidence.completed).toBe(evidence.attempted)
  })

  it('stops when told to and keeps what was measured', async () => {
    const { hooks, stop } = collectingHooks(count => count === 2 && stop())
    const evidence = await embedded.run(await prepare({ ownMs: 10 }, { plan: { shape: rate(100, 60_000) } }), hooks)
    expect(evidence.end.reason).toBe('stopped')
    expect(evidence.completed).toBe(evidence.attempted)
    expect(evidence.attempted).toBeGreaterThan(20)
    expect(evidence.durationMs).toBeLessThan(30_000)
  })

  it('gives up a target that answers nothing any more', async () => {
    const { hooks } = collectingHooks(count => count === 2 && backend.die())
    const evidence = await embedded.run(await prepare({}, { plan: { shape: rate(50, 60_000) } }), hooks)
    expect(evidence.end.reason).toBe('target-died')
    expect(evidence.trouble.map(t => t.code)).toEqual(['TARGET_DIED'])
    expect(evidence.transportErrors).toBeGreaterThan(50)
  })

  it('counts a login that takes longer than a request may as lost', async () => {
    const plan = await prepare({ ownMs: 3000 }, { plan: { shape: rate(20, 1000), requestTimeoutMs: 400 } })
    const evidence = await embedded.run(plan, collectingHooks().hooks)
    expect([evidence.attempted, evidence.completed, evidence.transportErrors]).toEqual([20, 20, 20])
    const lost = total(evidence, 'oneTap', 'failed').exact
    expect(lost?.min).toBeGreaterThanOrEqual(399)
    expect(lost?.min).toBeLessThan(600)
  })

  it('reports a target module that throws in every visit', async () => {
    const evidence = await embedded.run(await prepare({}, { vars: { breakBody: 'yes' } }), collectingHooks().hooks)
    expect(evidence.completed).toBe(evidence.attempted)
    expect(evidence.trouble).toMatchObject([{ code: 'ENGINE_FAILED', message: expect.stringContaining('200 visits') }])
  })

  it('gives up a closed load whose module throws, instead of spinning', async () => {
    const shape = { kind: 'closed', users: 4, durationMs: 1000 } as const
    const evidence = await embedded.run(
      await prepare({}, { vars: { breakBody: 'yes' }, plan: { shape } }),
      collectingHooks().hooks,
    )
    expect(evidence.trouble.map(t => t.code)).toEqual(['ENGINE_FAILED'])
    expect(backend.logins).toEqual([])
  })
})

/** Kills one generator of this test and nothing else: a child of this process that runs the generator's file. Linux only. */
async function killOneGenerator(): Promise<void> {
  const { readdir, readFile } = await import('node:fs/promises')
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const parent = /^PPid:\t(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1]
    if (Number(parent) === process.pid && command.includes('embedded-main')) {
      process.kill(Number(pid), 'SIGKILL')
      return
    }
  }
}
