/**
 * What `onetap compare` catches and how often it cries wolf, by simulation: pairs of figures whose noise is that of one arm, one pair in ten
 * with three times as much, four metrics of which one may have changed. Prints the table that docs/howto/load.md shows.
 */
import { seededRng } from '../src/contract/rng.ts'
import { type Answer, type Arm, type ComparedMetric, look } from '../src/judge/compare.ts'

const TRIALS = Number(process.argv[2] ?? 2000)
const METRICS: ComparedMetric[] = ['login p50', 'backend_added p50', 'backend_added p95', 'other'].map(id => ({
  id,
  unit: 'ratio',
  margin: 0.05,
}))

const rng = seededRng(20_260_101)
const uniform = (): number => (rng.u32() + 0.5) / 0x1_0000_0000
const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())

/** One comparison from its first pair to its answer. `noise`: of one arm, as a share. */
function compared(noise: number, change: number): { answer: Answer; pairs: number } {
  const pairs: { a: Arm; b: Arm }[] = []
  for (;;) {
    const loud = uniform() < 0.1 ? 3 : 1
    const arm = (factor: number): Arm =>
      Object.fromEntries(
        METRICS.map(({ id }, i) => [id, (i === 0 ? factor : 1) * Math.exp((noise * loud * normal()) / Math.SQRT2)]),
      )
    pairs.push({ a: arm(1), b: arm(1 + change) })
    const found = look(pairs, METRICS)
    if (found !== undefined) return { answer: found.answer, pairs: found.pairs }
  }
}

process.stdout.write('| noise of one pair | change | worse | same | unsure | mean pairs |\n|---|---|---|---|---|---|\n')
for (const noise of [0.02, 0.04, 0.08]) {
  for (const change of [0, 0.05, 0.1, 0.15, 0.25]) {
    const found = { worse: 0, same: 0, unsure: 0 }
    let pairs = 0
    for (let i = 0; i < TRIALS; i++) {
      const one = compared(noise, change)
      found[one.answer]++
      pairs += one.pairs
    }
    const share = (n: number): string => `${((n / TRIALS) * 100).toFixed(1)} %`
    const { worse, same, unsure } = found
    const row = [`${noise * 100} %`, `+${change * 100} %`, share(worse), share(same), share(unsure), (pairs / TRIALS).toFixed(1)]
    process.stdout.write(`| ${row.join(' | ')} |\n`)
  }
}
