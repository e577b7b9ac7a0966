import { HarnessError } from '../../contract/errors.ts'
import { performRun, type RunOptions } from '../perform-run.ts'
import type { RunFlags } from '../run-flags.ts'

/** `onetap run`, `load`, `attack` and `demo`: flags become options of one run. */
export async function runFromFlags(mode: RunOptions['mode'], flags: RunFlags, attacks?: readonly string[]): Promise<number> {
  if (flags.rate !== undefined && flags.users !== undefined) {
    throw new HarnessError('USAGE', '--rate and --users exclude each other', {
      hint: 'a rate is an open model, users a closed one',
    })
  }
  if (flags.shape !== undefined && flags.users !== undefined) {
    throw new HarnessError('USAGE', '--shape and --users exclude each other', { hint: 'every shape is an open model' })
  }
  return performRun(optionsOf(mode, flags, attacks))
}

/** Flags as options of one run. */
export function optionsOf(mode: RunOptions['mode'], flags: RunFlags, attacks?: readonly string[]): RunOptions {
  return {
    mode,
    cwd: process.cwd(),
    json: flags.json === true,
    progress: flags.progress,
    debug: flags.debug === true,
    ...defined({
      config: flags.config,
      out: flags.out,
      seed: flags.seed,
      targetUrl: flags.target,
      allowHosts: flags.allowHost,
      ratePerSecond: flags.rate,
      shape: flags.shape,
      scenario: flags.scenario,
      users: flags.users,
      durationMs: flags.duration,
      engine: flags.engine,
      generators: flags.generators,
      baseline: flags.baseline,
      k6: flags.k6,
      attacks,
      excludeAttacks: flags.exclude,
      severities: flags.severity,
      failOn: flags.failOn,
      raceBelow: flags.raceBelow,
      underLoad: flags.underLoad,
      raceWidth: flags.raceWidth,
      live: flags.live,
    }),
  }
}

/** The object without its undefined members, so that a default is never overwritten by nothing. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
