import { rmSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { LoadEvidence, LoadJob } from '../../src/contract/engine.ts'
import type { FaultRule } from '../../src/contract/fault.ts'
import type { LatencyProfile } from '../../src/contract/latency.ts'
import type { LoadShape } from '../../src/contract/shape.ts'
import embedded from '../../src/engines/embedded.ts'
import { k6Engine } from '../../src/engines/k6.ts'
import { collectingHooks, fakeJob, SEED } from './fake-backend/job.ts'
import { type FakeBackend, startFakeBackend } from './fake-backend/server.ts'
import { noK6, realK6 } from './real-k6.ts'

const k6 = k6Engine(realK6 === undefined ? { offline: true } : { path: realK6.path })
const jobs: LoadJob[] = []
let backend: FakeBackend | undefined

afterEach(async () => {
  await backend?.close()
  for (const { workDir } of jobs.splice(0)) rmSync(workDir, { recursive: true, force: true })
})

const faults: readonly FaultRule[] = [{ id: 'error-rate', share: 0.2, answer: 'http' }]
const latency: LatencyProfile = { kind: 'lognormal', medianMs: 40, p99Ms: 160 }
const carriers = { ...fakeJob('').carriers, faults, latency }
const SHAPES: Record<string, LoadShape> = {
  constant: { kind: 'constant-arrival-rate', ratePerSecond: 100, durationMs: 3000 },
  ramp: {
    kind: 'ramping-arrival-rate',
    fromPerSecond: 20,
    stages: [
      { toPerSecond: 150, durationMs: 2000 },
      { toPerSecond: 30, durationMs: 0 },
      { toPerSecond: 30, durationMs: 1000 },
    ],
    durationMs: 3000,
  },
}

/** What both engines must agree on: who was asked, and how it came out, by token. */
async function outcomes(engine: typeof k6, shape: LoadShape): Promise<{ evidence: LoadEvidence; tokens: number[] }> {
  backend = await startFakeBackend({ seed: SEED, faults, latency, ownMs: 10 })
  const job = fakeJob(backend.url, { carriers, plan: { shape, warmUpMs: 1000 } })
  jobs.push(job)
  const evidence = await engine.run(job, collectingHooks().hooks)
  const tokens = backend.logins.map(login => login.claims?.tokenIndex ?? -1).toSorted((a, b) => a - b)
  await backend.close()
  return { evidence, tokens: tokens.filter(index => index < 1_000_000) }
}

describe.skipIf(noK6)('the embedded engine and k6', () => {
  it.each(Object.entries(SHAPES))('offer the same load and see the same outcomes: %s', async (_name, shape) => {
    const one = await outcomes(k6, shape)
    const other = await outcomes(embedded, shape)
    expect(other.evidence.plannedArrivals).toBe(one.evidence.plannedArrivals)
    // k6 may begin one visit beside the count.
    expect(Math.abs(other.evidence.attempted - one.evidence.attempted)).toBeLessThanOrEqual(1)
    const shared = Math.min(one.tokens.length, other.tokens.length)
    expect(other.tokens.slice(0, shared)).toEqual(one.tokens.slice(0, shared))
    // Which visits open connections, and how many, is each engine's own business.
    const counts = ({ totals }: LoadEvidence): Record<string, number> =>
      Object.fromEntries(
        totals.filter(({ series }) => series !== 'connect').map(({ series, outcome, count }) => [`${series} ${outcome}`, count]),
      )
    const [k6Counts, ours] = [counts(one.evidence), counts(other.evidence)]
    expect(Object.keys(ours).sort()).toEqual(Object.keys(k6Counts).sort())
    for (const [key, count] of Object.entries(k6Counts)) expect(Math.abs((ours[key] ?? 0) - count), key).toBeLessThanOrEqual(1)
  })
})
