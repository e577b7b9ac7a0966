/**
 * Child entry: one load by one of our engines, as the harness drives it. Prints the figures as JSON.
 *
 *     node bench/engines/ours.ts ENGINE URL SHAPE_JSON MAX_USERS OUTLAST_STALL_MS GENERATORS WARM_UP_MS
 */
import { rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { LoadShape } from '../../src/contract/shape.ts'
import embedded from '../../src/engines/embedded.ts'
import type { ExactFigures } from '../../src/engines/exact-samples.ts'
import { k6Engine } from '../../src/engines/k6.ts'
import { findK6 } from '../../src/engines/k6-binary.ts'
import { collectingHooks, fakeJob } from '../../test/contract/fake-backend/job.ts'

export interface OurFigures {
  /** Epoch milliseconds. */
  startedAtMs: number
  attempted: number
  dropped: number
  plannedArrivals: number | null
  exact: ExactFigures | null
  latenessP99Ms: number | null
  /** Processor time of the generator alone, over the measured part, per visit. Microseconds. */
  generatorCpuUs: number | null
  /** Processor time of the harness beside it, whole, per visit. Microseconds. */
  harnessCpuUs: number
  trouble: string[]
}

const [id = '', url = '', shapeText = '{}', maxUsers = '', outlastStallMs = '', generators = '1', warmUpMs = '0'] =
  process.argv.slice(2)
const shape = JSON.parse(shapeText) as LoadShape
const engine = id === 'embedded' ? embedded : k6Engine({ path: (await findK6({ offline: true })).path })
const job = fakeJob(url, {
  targetModule: fileURLToPath(new URL('../metrics-channel/target.ts', import.meta.url)),
  plan: {
    shape,
    maxUsers: Number(maxUsers),
    outlastStallMs: Number(outlastStallMs),
    generators: Number(generators),
    warmUpMs: Number(warmUpMs),
    requestTimeoutMs: 10_000,
  },
})
const before = process.cpuUsage()
const evidence = await engine.run(job, collectingHooks().hooks)
const { user, system } = process.cpuUsage(before)
rmSync(job.workDir, { recursive: true, force: true })
const share = evidence.generator.cpuShare
// k6's share is of all cores, the embedded engine's of those its processes can use.
const cores = id === 'embedded' ? Math.min(Number(generators), availableParallelism()) : availableParallelism()
const figures: OurFigures = {
  startedAtMs: evidence.startedAtMs,
  attempted: evidence.attempted,
  dropped: evidence.dropped,
  plannedArrivals: evidence.plannedArrivals,
  exact: evidence.totals.find(total => total.series === 'oneTap' && total.outcome === 'granted')?.exact ?? null,
  latenessP99Ms: evidence.generator.latenessMs?.p99 ?? null,
  generatorCpuUs: share === null ? null : (share * cores * evidence.durationMs * 1000) / evidence.attempted,
  harnessCpuUs: (user + system) / evidence.attempted,
  trouble: evidence.trouble.map(one => one.message),
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
