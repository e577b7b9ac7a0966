import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type LoadedConfig, loadConfig } from '../../config/load-config.ts'
import { resolvePlan } from '../../config/resolve-plan.ts'
import { HarnessError } from '../../contract/errors.ts'
import { EXIT } from '../../contract/exit-code.ts'
import type { Result } from '../../contract/result.ts'
import { type Arm, armsFirst, type ComparedMetric, type Comparison, LOOKS, look } from '../../judge/compare.ts'
import { loginsOf } from '../../judge/figure.ts'
import { now } from '../../world/clock.ts'
import { newRunId } from '../../world/run-id.ts'
import { measuringOptions, wasStopped } from '../measuring-run.ts'
import { out } from '../output.ts'
import { carryOut, type RunOptions } from '../perform-run.ts'
import { readResult } from '../read-document.ts'
import type { RunFlags } from '../run-flags.ts'

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
  const arms = { a: await readyArm({ ...flags, config: flags.against }), b: await readyArm(flags) }
  const pairs: { a: Arm; b: Arm }[] = []
  let spoiled = 0
  for (;;) {
    const order = armsFirst(pairs.length) === 'a' ? (['a', 'b'] as const) : (['b', 'a'] as const)
    const pair: Partial<Record<'a' | 'b', Arm>> = {}
    let why = ''
    for (const arm of order) {
      const measured = await measure(arms[arm])
      if (measured === 'stopped') return EXIT.interrupted
      if (isSpoiled(measured)) why = measured.why
      else pair[arm] = measured
    }
    const { a, b } = pair
    if (a === undefined || b === undefined) {
      out.line(`  pair ${pairs.length + 1}: the evidence was not valid, run again (${why})`)
      if (++spoiled > MOST_SPOILED) return tell(undefined, pairs.length, flags.json === true)
      continue
    }
    pairs.push({ a, b })
    out.line(`  pair ${pairs.length}: ${metrics.map(({ id }) => `${id} ${figure(a[id])} → ${figure(b[id])}`).join(', ')}`)
    const comparison = look(pairs, metrics)
    if (comparison !== undefined) return tell(comparison, pairs.length, flags.json === true)
  }
}

function isSpoiled(measured: Arm | { why: string }): measured is { why: string } {
  return typeof measured.why === 'string'
}

function metricsWith(margin: number): ComparedMetric[] {
  return [
    { id: 'login p50', unit: 'ratio', margin },
    { id: 'backend_added p50', unit: 'ratio', margin },
    { id: 'backend_added p95', unit: 'ratio', margin },
    { id: 'error share', unit: 'difference', margin: 0.005 },
  ]
}

/** A configuration that is measured again and again. */
interface ReadyArm {
  options: RunOptions
  loaded: LoadedConfig
}

async function readyArm(flags: RunFlags): Promise<ReadyArm> {
  const options = measuringOptions(flags)
  return { options, loaded: await loadConfig(options.config, options.cwd) }
}

/** One arm once: its figures, or why there are none. The run's folder goes: what is kept is the comparison. */
async function measure({ options, loaded }: ReadyArm): Promise<Arm | 'stopped' | { why: string }> {
  const plan = resolvePlan(loaded.config, options, newRunId(now()))
  if (plan.load === null) throw new HarnessError('CONFIG', `${loaded.file}: there is no load to compare`)
  const { result } = await carryOut(plan, loaded.folder, options)
  rmSync(join(options.cwd, '.onetap', 'runs', plan.runId), { recursive: true, force: true })
  if (result === undefined || wasStopped(result)) return 'stopped'
  const wrong = result.validity.checks.find(check => check.outcome !== 'pass' && check.outcome !== 'not-applicable')
  if (result.validity.outcome !== 'pass') return { why: wrong === undefined ? 'no valid evidence' : `${wrong.id}: ${wrong.text}` }
  const figures = figuresOf(result)
  return figures === 'invalid' ? { why: 'no login was granted' } : figures
}

function figuresOf({ load }: Result): Arm | 'invalid' {
  const login = load?.attribution?.login
  const added = load?.summaries.find(one => one.series === 'backend_added' && one.outcome === 'granted')
  if (load === null || login === undefined || added === undefined) return 'invalid'
  const logins = loginsOf(load)
  const count = (outcome: string): number =>
    load.summaries
      .filter(one => one.outcome === outcome && logins.some(op => op === one.series))
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
export function compareRuns(before: string, after: string, json: boolean): number {
  const [a, b] = [readResult(before).result, readResult(after).result]
  const [old, fresh] = [figuresOf(a), figuresOf(b)]
  for (const [run, figures] of [
    [before, old],
    [after, fresh],
  ] as const) {
    if (typeof figures === 'string') out.line(`${run} has no granted logins whose latency could be compared`)
  }
  if (typeof old === 'string' || typeof fresh === 'string') return EXIT.inconclusive
  const valid = a.validity.outcome === 'pass' && b.validity.outcome === 'pass'
  const metrics = Object.entries(old).map(([id, was]) => ({ id, before: was, after: fresh[id] ?? null }))
  if (json) {
    out.result(JSON.stringify({ schemaVersion: '1.0.0', answer: 'indicative', valid, metrics }, null, 2))
  } else {
    out.result(
      'INDICATIVE: one run against one run. Machine, hour and noise are in the difference; compare in pairs for an answer.',
    )
    if (!valid) out.result('The evidence of one of them is not valid: its figures may be those of the generator.')
    for (const one of metrics) out.result(`  ${one.id.padEnd(18)} ${figure(one.before)} → ${figure(one.after ?? undefined)}`)
  }
  return valid ? EXIT.ok : EXIT.inconclusive
}
