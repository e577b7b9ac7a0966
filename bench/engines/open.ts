import type { LoadShape } from '../../src/contract/shape.ts'
import { type BenchResult, type BenchWish, bar, barLine, median, spread } from './bars.ts'
import { type OurRun, runOurs } from './run-ours.ts'

const RATE = 1000
/** As a carrier takes it: the spread is the target's and not the generator's. */
const TARGETS = { spread: [40, 160], fixed: [20, 0] } as const
const ENGINES = ['k6', 'embedded'] as const
const STATS = ['p50', 'p90', 'p95', 'p99'] as const

/** k6 and the embedded engine by turns under one open load. */
export async function benchOpen(wish: BenchWish): Promise<BenchResult> {
  const spread = await compare(wish, 'spread', 'takes 40 ms in the median, 160 ms at p99')
  const fixed = await compare(wish, 'fixed', 'always takes 20 ms')
  return {
    runs: { spread: spread.runs, fixed: fixed.runs },
    bars: spread.bars,
    lines: [...spread.lines, '', 'Without a bar, for there the spread is the generators’ own:', '', ...fixed.lines],
  }
}

async function compare({ repetitions, seconds }: BenchWish, kind: keyof typeof TARGETS, takes: string): Promise<BenchResult> {
  const shape: LoadShape = { kind: 'constant-arrival-rate', ratePerSecond: RATE, durationMs: seconds * 1000 }
  const runs: Record<(typeof ENGINES)[number], OurRun[]> = { k6: [], embedded: [] }
  for (let round = 0; round < repetitions; round++) {
    for (const engine of round % 2 === 0 ? ENGINES : ENGINES.toReversed()) {
      const run = await runOurs({ engine, shape, maxUsers: 500, outlastStallMs: 0, target: TARGETS[kind] })
      runs[engine].push(run)
      process.stderr.write(`${engine}: ${JSON.stringify(run.figures)}\n`)
    }
  }
  const middle = (engine: (typeof ENGINES)[number], figure: (run: OurRun) => number): number => median(runs[engine].map(figure))
  const stat = (name: (typeof STATS)[number]) => (run: OurRun) => run.figures.exact?.[name] ?? Number.NaN
  const cpu = (run: OurRun): number => run.figures.generatorCpuUs ?? Number.NaN
  const bars = [
    ...STATS.map(name =>
      bar(
        `${name} of the embedded engine from k6's`,
        Math.abs(middle('embedded', stat(name)) / middle('k6', stat(name)) - 1),
        0.03,
      ),
    ),
    bar("processor time a request against k6's", middle('embedded', cpu) / middle('k6', cpu), 0.5),
  ]
  const lines = [
    `| ${RATE}/s for ${seconds} s, target ${takes} | visits | dropped | p50 ms | p90 ms | p95 ms | p99 ms | generator, µs a request | harness beside it, µs |`,
    '|---|---|---|---|---|---|---|---|---|',
    ...ENGINES.map(engine => {
      const of = (figure: (run: OurRun) => number, digits: number): string => spread(runs[engine].map(figure), digits)
      const cells = [
        of(r => r.figures.attempted, 0),
        of(r => r.figures.dropped, 0),
        ...STATS.map(name => of(stat(name), 2)),
        of(cpu, 0),
        of(r => r.figures.harnessCpuUs, 0),
      ]
      return `| onetap, ${engine} | ${cells.join(' | ')} |`
    }),
    '',
    ...bars.map(barLine),
  ]
  return { runs, bars, lines }
}
