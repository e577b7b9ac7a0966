import { rmSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { LoadEvidence, LoadJob, SeriesTotal } from '../../src/contract/engine.ts'
import { armFaults, isDoomed } from '../../src/contract/fault.ts'
import { quantile } from '../../src/contract/histogram.ts'
import type { LatencyProfile } from '../../src/contract/latency.ts'
import { VISIT_SPAN } from '../../src/contract/visit.ts'
import autocannon from '../../src/engines/autocannon.ts'
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

function find(evidence: LoadEvidence, series: string, outcome: string): SeriesTotal | undefined {
  return evidence.totals.find(t => t.series === series && t.outcome === outcome)
}

const closed = { kind: 'closed', users: 4, durationMs: 1000 } as const

describe('the autocannon engine', () => {
  it('counts what the backend counted, visit by visit and token by token', async () => {
    const faults = [{ id: 'error-rate', share: 0.2, answer: 'http' }] as const
    const carriers = { ...fakeJob('').carriers, faults }
    const evidence = await autocannon.run(
      await prepare({ faults, ownMs: 5 }, { firstIndex: 50, carriers, plan: { shape: closed, warmUpMs: 300 } }),
      collectingHooks().hooks,
    )
    expect(evidence).toMatchObject({ end: { reason: 'finished' }, trouble: [], transportErrors: 0, offeredPerSecond: null })
    const indices = backend.logins.map(login => login.claims?.tokenIndex ?? -1)
    const measured = indices.filter(index => index < 50 + VISIT_SPAN.warmUp)
    const hit = measured.filter(index => isDoomed(armFaults(faults, SEED, 'china-mobile', ''), index, 0))
    expect(new Set(indices).size).toBe(indices.length)
    expect(measured.length).toBeGreaterThan(20)
    expect(indices.length).toBeGreaterThan(measured.length)
    expect(backend.logins.every(login => login.authCodeOk)).toBe(true)
    expect([evidence.attempted, evidence.completed]).toEqual([measured.length, measured.length])
    expect(find(evidence, 'oneTap', 'granted')?.count).toBe(measured.length - hit.length)
    expect(find(evidence, 'oneTap', 'carrier-failed')?.count).toBe(hit.length)
    expect(find(evidence, 'me', 'granted')?.count).toBe(measured.length - hit.length)
    expect(backend.requests.filter(request => request.cookie !== undefined)).toEqual([])
  })

  it('tells what the backend added apart from what the carrier cost', async () => {
    const latency: LatencyProfile = { kind: 'lognormal', medianMs: 40, p99Ms: 160 }
    const carriers = { ...fakeJob('').carriers, latency }
    const evidence = await autocannon.run(
      await prepare({ latency, ownMs: 20 }, { carriers, plan: { shape: closed } }),
      collectingHooks().hooks,
    )
    const added = find(evidence, 'backend_added', 'granted')
    const login = find(evidence, 'oneTap', 'granted')
    expect(added?.count).toBe(login?.count)
    expect(quantile(added!.histogram, 0.05)).toBeGreaterThan(19.5)
    expect(quantile(added!.histogram, 0.5)).toBeLessThan(45)
    expect(quantile(login!.histogram, 0.5)).toBeGreaterThan(quantile(added!.histogram, 0.5)! + 15)
  })

  it('knows delays and faults that begin in the middle of the load', async () => {
    const originMs = Date.now() + 600
    const latency: LatencyProfile = {
      kind: 'step',
      before: { kind: 'fixed', ms: 5 },
      atMs: 0,
      after: { kind: 'fixed', ms: 80 },
      originMs,
    }
    const faults = [{ id: 'error-rate', share: 0.3, answer: 'http', fromMs: 0, originMs }] as const
    const carriers = { ...fakeJob('').carriers, latency, faults }
    const evidence = await autocannon.run(
      await prepare({ latency, faults, ownMs: 10 }, { carriers, plan: { shape: { ...closed, durationMs: 1500 } } }),
      collectingHooks().hooks,
    )
    const late = backend.logins.filter(login => login.claims!.issuedAtMs >= originMs)
    const hit = late.filter(login =>
      isDoomed(armFaults(faults, SEED, 'china-mobile', ''), login.claims!.tokenIndex, login.claims!.issuedAtMs),
    )
    expect(late.length).toBeGreaterThan(5)
    expect(backend.logins.length).toBeGreaterThan(late.length)
    expect(find(evidence, 'oneTap', 'failed')).toBeUndefined()
    expect(find(evidence, 'oneTap', 'carrier-failed')?.count).toBe(hit.length)
    // Were the step unknown to the generator, the late logins would seem to cost the backend 75 ms more.
    const added = find(evidence, 'backend_added', 'granted')!
    expect(quantile(added.histogram, 0.05)).toBeGreaterThan(9.5)
    expect(quantile(added.histogram, 0.9)).toBeLessThan(60)
  })

  it('runs a planned rate as a closed load, and says so', async () => {
    const shape = { kind: 'constant-arrival-rate', ratePerSecond: 20, durationMs: 1000 } as const
    const evidence = await autocannon.run(await prepare({ ownMs: 20 }, { plan: { shape } }), collectingHooks().hooks)
    expect(evidence).toMatchObject({
      engine: { id: 'autocannon', model: 'closed' },
      offeredPerSecond: null,
      plannedArrivals: null,
    })
    expect(evidence.generator.maxUsers).toBe(5)
    expect(evidence.generator.notes.join()).toContain('20/s for 1 s')
  })

  it('stops when told to and keeps what was measured', async () => {
    const { hooks, stop } = collectingHooks(count => count === 1 && stop())
    const plan = await prepare({ ownMs: 10 }, { plan: { shape: { ...closed, durationMs: 60_000 } } })
    const evidence = await autocannon.run(plan, hooks)
    expect(evidence.end.reason).toBe('stopped')
    expect(evidence.completed).toBe(evidence.attempted)
    expect(evidence.durationMs).toBeLessThan(30_000)
    expect(find(evidence, 'oneTap', 'granted')?.count).toBeGreaterThan(10)
  })

  it('gives up a target that answers nothing any more', async () => {
    const { hooks } = collectingHooks(count => count === 1 && backend.die())
    const plan = await prepare({ ownMs: 10 }, { plan: { shape: { ...closed, durationMs: 60_000 } } })
    const evidence = await autocannon.run(plan, hooks)
    expect(evidence.end.reason).toBe('target-died')
    expect(evidence.trouble.map(t => t.code)).toEqual(['TARGET_DIED'])
    expect(evidence.transportErrors).toBeGreaterThan(4)
  })

  it('counts a login that takes longer than a request may as lost', async () => {
    const plan = await prepare({ ownMs: 3000 }, { plan: { shape: closed, requestTimeoutMs: 400 } })
    const evidence = await autocannon.run(plan, collectingHooks().hooks)
    expect(find(evidence, 'oneTap', 'failed')?.count).toBe(evidence.transportErrors)
    expect(evidence.transportErrors).toBeGreaterThanOrEqual(4)
    expect(evidence.completed).toBe(evidence.attempted)
  })

  it('reports a target module that throws in every visit instead of spinning', async () => {
    const evidence = await autocannon.run(
      await prepare({}, { vars: { breakBody: 'yes' }, plan: { shape: closed } }),
      collectingHooks().hooks,
    )
    expect(evidence.trouble.map(t => t.code)).toEqual(['ENGINE_FAILED'])
    expect(backend.logins).toEqual([])
  })
})
