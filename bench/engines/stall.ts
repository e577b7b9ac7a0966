import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadShape } from '../../src/contract/shape.ts'
import { loadTiming } from '../../src/engines/load-timing.ts'
import { fakeJob } from '../../test/contract/fake-backend/job.ts'
import { type Bar, type BenchResult, type BenchWish, bar, barLine } from './bars.ts'
import { type OurRun, runOurs, WARM_UP_MS } from './run-ours.ts'

const RATE = 1000
const STALL = { afterMs: 3000, forMs: 2000 }
const STATS = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, max: 1 } as const
type Stat = keyof typeof STATS

/** Both engines through a stall of two seconds: what they report against what arrivals on schedule must have waited. */
export async function benchStall({ repetitions, seconds, folder }: BenchWish): Promise<BenchResult> {
  const shape: LoadShape = { kind: 'constant-arrival-rate', ratePerSecond: RATE, durationMs: seconds * 1000 }
  const warmUp = loadTiming({ ...fakeJob('').plan, shape, warmUpMs: WARM_UP_MS, requestTimeoutMs: 10_000 }).measuredAtMs
  const bars: Bar[] = []
  const rows: string[] = []
  const runs: (OurRun & { engine: string; truth: Record<Stat, number> })[] = []
  for (let round = 0; round < repetitions; round++) {
    for (const engine of ['k6', 'embedded'] as const) {
      const target = [20, 0, warmUp + STALL.afterMs, STALL.forMs, join(folder, `${engine}-${round}.log`)]
      const run = await runOurs({ engine, shape, maxUsers: 3000, outlastStallMs: STALL.forMs, target })
      const truth = truthOf(run)
      runs.push({ engine, ...run, truth })
      const cells = (Object.keys(STATS) as Stat[]).map(stat => {
        const told = run.figures.exact?.[stat] ?? Number.NaN
        bars.push(bar(`${stat} of ${engine} from the truth, run ${round + 1}`, Math.abs(told / truth[stat] - 1), 0.05))
        return `${told.toFixed(0)} of ${truth[stat].toFixed(0)}`
      })
      const { attempted, dropped } = run.figures
      bars.push(bar(`arrivals that ${engine} dropped, run ${round + 1}`, dropped / attempted, 0))
      rows.push(
        `| onetap, ${engine} | ${attempted} | ${run.account.inStall} | ${dropped} | ${cells.join(' | ')} | ${run.memoryMb.toFixed(0)} |`,
      )
      process.stderr.write(`${rows.at(-1)}\n`)
    }
  }
  const lines = [
    `| ${RATE}/s for ${seconds} s, target takes 20 ms and stalls ${STALL.forMs / 1000} s | visits | arrived in the stall | dropped | ${Object.keys(
      STATS,
    )
      .map(stat => `${stat}, told of true ms`)
      .join(' | ')} | memory, MB |`,
    `|---|---|---|---|${'---|'.repeat(Object.keys(STATS).length)}---|`,
    ...rows,
    '',
    ...bars.map(barLine),
  ]
  return { runs, bars, lines }
}

/**
 * What each visitor who came on schedule waited, by the target's own log: the k-th visit was due at its place in the schedule, and
 * was answered when the target says. Late sending is in it, and so is what the target took to answer two thousand at once.
 */
function truthOf({ figures, account }: OurRun): Record<Stat, number> {
  const pairs = new Float64Array(new Uint8Array(readFileSync(account.log)).buffer)
  const measured = Array.from({ length: figures.attempted }, (_, i) => {
    const place = 2 * (pairs.length / 2 - figures.attempted + i)
    return { dueMs: (i * 1000) / RATE, arrivedMs: pairs[place] ?? Number.NaN, answeredMs: pairs[place + 1] ?? Number.NaN }
  })
  // Nothing arrives before it is due: where it seems so, k6 told its start late, its first visit having been slow to begin.
  const startMs = measured.reduce((min, one) => Math.min(min, one.arrivedMs - one.dueMs), figures.startedAtMs)
  const waits = measured.map(one => one.answeredMs - one.dueMs - startMs).sort((x, y) => x - y)
  const at = (q: number): number => waits[Math.min(waits.length - 1, Math.floor(q * waits.length))] ?? Number.NaN
  return { p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), max: at(1) }
}
