import { rmSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { LoadJob } from '../../src/contract/engine.ts'
import { mergeHistograms } from '../../src/contract/histogram.ts'
import { k6Engine } from '../../src/engines/k6.ts'
import { collectingHooks, fakeJob, SEED } from './fake-backend/job.ts'
import { type FakeBackend, startFakeBackend } from './fake-backend/server.ts'
import { noK6, realK6 } from './real-k6.ts'

const engine = k6Engine(realK6 === undefined ? { offline: true } : { path: realK6.path })
let backend: FakeBackend
let job: LoadJob

afterEach(async () => {
  await backend.close()
  rmSync(job.workDir, { recursive: true, force: true })
})

async function prepare(plan: Partial<LoadJob['plan']>): Promise<LoadJob> {
  backend = await startFakeBackend({ seed: SEED, ownMs: 5 })
  job = fakeJob(backend.url, { plan })
  return job
}

describe.skipIf(noK6)('several k6 on one machine', () => {
  it('offer one load: every token once, no count lost, one set of histograms', async () => {
    const shape = { kind: 'constant-arrival-rate', ratePerSecond: 60, durationMs: 3000 } as const
    const evidence = await engine.run(await prepare({ shape, generators: 3, warmUpMs: 1000 }), collectingHooks().hooks)
    expect(evidence).toMatchObject({ end: { reason: 'finished', exitCode: 0 }, trouble: [], dropped: 0, plannedArrivals: 180 })
    const tokens = backend.logins.map(login => login.claims?.tokenIndex ?? -1).filter(index => index < 1_000_000)
    expect(new Set(tokens).size).toBe(tokens.length)
    expect(tokens.toSorted((a, b) => a - b)).toEqual(Array.from({ length: evidence.attempted }, (_, i) => i))
    expect(Math.abs(evidence.attempted - 180)).toBeLessThanOrEqual(3)
    expect(evidence.completed).toBe(evidence.attempted)
    const { instances = [] } = evidence.generator
    expect(instances.map(one => [one.index, one.reported, one.finished])).toEqual([0, 1, 2].map(i => [i, true, true]))
    expect(instances.reduce((sum, one) => sum + one.attempted, 0)).toBe(evidence.attempted)
    for (const one of instances) expect(Math.abs(one.attempted - 60)).toBeLessThanOrEqual(2)
    for (const { series, outcome, count, histogram, exact } of evidence.totals) {
      const seconds = evidence.seconds.filter(s => s.series === series && s.outcome === outcome)
      expect([histogram.count, mergeHistograms(seconds.map(s => s.histogram)).count]).toEqual([count, count])
      expect(exact).toBeUndefined()
    }
    expect(evidence.totals.find(t => t.series === 'oneTap')?.count).toBe(tokens.length)
  })

  it.runIf(process.platform === 'linux')('one that dies ends the load and is named', async () => {
    const shape = { kind: 'constant-arrival-rate', ratePerSecond: 60, durationMs: 60_000 } as const
    const plan = await prepare({ shape, generators: 2 })
    const { hooks } = collectingHooks(count => count === 3 && void killK6In(join(plan.workDir, 'generator-2')))
    const evidence = await engine.run(plan, hooks)
    expect(evidence.end.reason).toBe('engine-died')
    expect(evidence.trouble[0]).toMatchObject({ code: 'ENGINE_FAILED', message: expect.stringContaining('2 of 2 k6 was killed') })
    expect(evidence.generator.instances?.[1]).toMatchObject({ reported: true, finished: false })
    expect(evidence.attempted).toBeGreaterThan(20)
    expect(evidence.durationMs).toBeLessThan(30_000)
  })
})

/** Kills the k6 whose working folder this is, and nothing else. Finds it in /proc, so Linux only. */
async function killK6In(folder: string): Promise<void> {
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    if (cwd === folder && command.startsWith(`${realK6?.path}\0run`)) process.kill(Number(pid), 'SIGKILL')
  }
}
