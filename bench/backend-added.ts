/**
 * Is `backend_added` honest? The reference backend runs with a known extra delay of 30 ms and without, in turns, behind carriers that answer
 * lognormally (median 120 ms, p99 900 ms). The bar: the known extra of 30 ms is read as 30 ms within 2 ms at the median, by the difference of
 * neighbouring runs; the reading itself also holds what the backend costs without it.
 *
 *   node bench/backend-added.ts [pairs] [seconds] [ratePerSecond]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Result } from '../src/contract/result.ts'

const ROOT = resolve(import.meta.dirname, '..')
const [pairs = 3, seconds = 10, ratePerSecond = 60] = process.argv.slice(2).map(Number)
const EXTRA_MS = 30

interface Reading {
  p50: number
  p95: number
  loginP50: number
  count: number
}

function measure(extraMs: number): Reading {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-bench-'))
  const config = {
    target: {
      module: join(ROOT, 'onetap.target.ts'),
      start: {
        command: ['node', '--disable-warning=ExperimentalWarning', join(ROOT, 'reference-backend/main.ts')],
        env: { REBIND_SECRET: '{vars.rebindSecret}', EXTRA_DELAY_MS: String(extraMs) },
      },
      vars: { rebindSecret: '{random}' },
    },
    mocks: { latency: { kind: 'lognormal', medianMs: 120, p99Ms: 900 } },
    load: { shape: { kind: 'constant-arrival-rate', ratePerSecond, durationMs: seconds * 1000 }, warmUpMs: 3000 },
    attack: null,
  }
  writeFileSync(join(folder, 'onetap.config.ts'), `export default ${JSON.stringify(config)}\n`)
  const run = spawnSync(process.execPath, [join(ROOT, 'bin/onetap.js'), 'load', '--out', 'run', '--progress', 'none'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const result = JSON.parse(readFileSync(join(folder, 'run', 'result.json'), 'utf8')) as Result
  const find = (series: string) => result.load?.summaries.find(s => s.series === series && s.outcome === 'granted')
  const added = find('backend_added')
  if (added === undefined || added.count < 100) throw new Error(`too few logins were measured:\n${run.stdout}${run.stderr}`)
  rmSync(folder, { recursive: true, force: true })
  return {
    p50: added.p50Ms ?? Number.NaN,
    p95: added.p95Ms ?? Number.NaN,
    loginP50: find('oneTap')?.p50Ms ?? Number.NaN,
    count: added.count,
  }
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const rows: { plain: Reading; extra: Reading }[] = []
for (let pair = 1; pair <= pairs; pair++) {
  const row = pair % 2 === 1 ? { plain: measure(0), extra: measure(EXTRA_MS) } : { extra: measure(EXTRA_MS), plain: measure(0) }
  rows.push(row)
  console.log(
    `pair ${pair}: backend_added p50 ${row.plain.p50.toFixed(2)} ms without, ${row.extra.p50.toFixed(2)} ms with ${EXTRA_MS} ms extra ` +
      `(p95 ${row.plain.p95.toFixed(1)} / ${row.extra.p95.toFixed(1)}; login p50 ${row.plain.loginP50.toFixed(0)} / ${row.extra.loginP50.toFixed(0)}; ${row.plain.count} + ${row.extra.count} logins)`,
  )
}
const own = median(rows.map(row => row.plain.p50))
const difference = median(rows.map(row => row.extra.p50 - row.plain.p50))
console.log(
  `\nthe backend by itself: ${own.toFixed(2)} ms; the extra ${EXTRA_MS} ms read as ${difference.toFixed(2)} ms (bar: within 2 ms)`,
)
process.exit(Math.abs(difference - EXTRA_MS) <= 2 ? 0 : 1)
