import type { Result } from '../contract/result.ts'
import { optionsOf } from './commands/run-command.ts'
import type { RunOptions } from './perform-run.ts'
import type { RunFlags } from './run-flags.ts'

/** Options of a load that is one of many: it shows nothing of its own, and `latest` does not name it. */
export function measuringOptions(flags: RunFlags): RunOptions {
  return { ...optionsOf('load', flags), progress: 'none', latest: false, show: false, json: false }
}

/** Whether a person ended the run, also before it began: then no other is to follow. */
export function wasStopped(result: Result | undefined): boolean {
  return result === undefined || result.ended === 'interrupted' || result.ended === 'terminated'
}
