import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import { resolvePlan } from '../../config/resolve-plan.ts'
import { HarnessError } from '../../contract/errors.ts'
import { EXIT } from '../../contract/exit-code.ts'
import type { Result } from '../../contract/result.ts'
import { type Arm, armsFirst, type ComparedMetric, type Comparison, LOOKS, look } from '../../judge/compare.ts'
import { now } from '../../world/clock.ts'
import { newRunId } from '../../world/run-id.ts'
import { out } from '../output.ts'
import { carryOut } from '../perform-run.ts'
import type { RunFlags } from '../run-flags.ts'
import { optionsOf } from './run-command.ts'

export interface CompareFlags extends RunFlags {
  /** Of the baseline; the candidate's is `--config`. */
  against: string
  margin?: number
}

/** Pairs whose evidence was not valid are run again, so many times in all. */
const MOST_SPOILED = 8

/** `onetap compare --against A.config.ts -c B.config.ts`: both arms in this job, interleaved, three answers. */
export async function compare(flags: CompareFlags): Promise<number> {
  const metrics = metricsWith(flags.margin ?? 0.05)
  const pairs: { a: Arm; b: Arm }[] = []
  let spoiled = 0
  for (;;) {
    const order = armsFirst(pairs.length) === 'a' ? (['a', 'b'] as const) : (['b', 'a'] as const)
    const pair: Partial<Record<'a' | 'b', Arm>> = {}
    for (const arm of order) {
      const measured = await measure(arm === 'a' ? { ...flags, config: flags.against } : flags)
      if (measured === 'stopped') return EXIT.interrupted
      if (typeof measured !== 'string') pair[arm] = measured
    }
    const { a, b } = pair
    if (a === undefined || b === undefined) {
      out.line(`  pair ${pairs.length + 1}: the evidence was not valid; run again`)
      if (++spoiled > MOST_SPOILED) return tell(undefined, pairs.length, flags.json === true)
      continue
    }
    pairs.push({ a, b })
    out.line(`  pair ${pairs.length}: ${metrics.map(({ id }) => `${id} ${figure(a[id])} → ${figure(b[id])}`).join(', ')}`)
    const comparison = look(pairs, metrics)
    if (comparison !== undefined) return tell(comparison, pairs.length, flags.json === true)
  }
}

function metricsWith(margin: number): ComparedMetric[] {
  return [
    { id: 'login p50', unit: 'ratio', margin },
    { id: 'backend_added p50', unit: 'ratio', margin },
    { id: 'backend_added p95', unit: 'ratio', margin },
    { id: 'error share', unit: 'difference', margin: 0.005 },
  ]
}

/** One arm once: its figures; a word when there are none. The run's folder goes: what is kept is the comparison. */
async function measure(flags: RunFlags): Promise<Arm | 'invalid' | 'stopped'> {
  const options = { ...optionsOf('load', flags), progress: 'none' as const, latest: false, show: false, json: false }
  const loaded = await loadConfig(options.config, options.cwd)
  const plan = resolvePlan(loaded.config, options, newRunId(now()))
  if (plan.load === null) throw new HarnessError('CONFIG', `${loaded.file}: there is no load to compare`)
  const { result } = await carryOut(plan, loaded.folder, options)
  rmSync(join(options.cwd, '.onetap', 'runs', plan.runId), { recursive: true, force: true })
  if (result === undefined || result.ended === 'interrupted' || result.ended === 'terminated') return 'stopped'
  return result.validity.outcome === 'pass' ? figuresOf(result) : 'invalid'
}

function figuresOf({ load }: Result): Arm | 'invalid' {
  const login = load?.attribution?.login
  const added = load?.summaries.find(one => one.series === 'backend_added' && one.outcome === 'granted')
  if (load === null || login === undefined || added === undefined) return 'invalid'
  const count = (outcome: string): number =>
    load.summaries
      .filter(one => one.outcome === outcome && (load.logins ?? ['oneTap']).some(op => op === one.series))
      .reduce((sum, one) => sum + one.count, 0)
  const bad = count('refused') + count('failed')
  const { p50Ms } = login
  if (p50Ms === null || added.p50Ms === null || added.p95Ms === null) return 'invalid'
  return {
    'login p50': p50Ms,
    'backend_added p50': added.p50Ms,
    'backend_added p95': added.p95Ms,
    'error share': bad / Math.max(1, bad + count('granted')),
  }
}

function tell(comparison: Comparison | undefined, pairs: number, json: boolean): number {
  if (json)
    out.result(JSON.stringify({ schemaVersion: '1.0.0', answer: comparison?.answer ?? 'unsure', ...comparison, pairs }, null, 2))
  else if (comparison === undefined) out.result(`unsure: too many pairs were not valid (${pairs} were)`)
  else {
    for (const { id, unit, change, margin, answer } of comparison.metrics) {
      const shown =
        change === null
          ? 'no figure'
          : `${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)} %${unit === 'ratio' ? '' : ' of logins'}`
      out.result(`${answer.padEnd(6)}  ${id.padEnd(18)} ${shown} (margin ${(margin * 100).toFixed(1)} %)`)
    }
    out.result(`${comparison.answer.toUpperCase()} after ${pairs} of at most ${LOOKS.at(-1)?.pairs} pairs`)
  }
  if (comparison?.answer === 'same') return EXIT.ok
  return comparison?.answer === 'worse' ? EXIT.budgetCrossed : EXIT.inconclusive
}

function figure(value: number | undefined): string {
  return value === undefined ? '–' : value.toPrecision(3)
}

/** `onetap compare RUN RUN`: two runs that lie there, side by side. Indicative: between them everything else may have changed too. */
export function compareRuns(before: string, after: string): number {
  const [a, b] = [before, after].map(run => JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as Result)
  if (a === undefined || b === undefined) return EXIT.environment
  const [old, fresh] = [figuresOf(a), figuresOf(b)]
  if (typeof old === 'string' || typeof fresh === 'string') {
    out.result('one of the two has no figures to compare')
    return EXIT.inconclusive
  }
  out.result(
    'INDICATIVE: one run against one run. Machine, hour and noise are in the difference; compare in pairs for an answer.',
  )
  if (a.validity.outcome !== 'pass' || b.validity.outcome !== 'pass') out.result('and the evidence of one of them is not valid')
  for (const id of Object.keys(old)) out.result(`  ${id.padEnd(18)} ${figure(old[id])} → ${figure(fresh[id])}`)
  return EXIT.ok
}
