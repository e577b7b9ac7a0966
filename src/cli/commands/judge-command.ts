import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import { regated } from '../../config/regate-plan.ts'
import type { Plan } from '../../contract/plan.ts'
import type { Result } from '../../contract/result.ts'
import { attacks } from '../../rooms.ts'
import { readLedger } from '../../run/ledger.ts'
import { onDisk } from '../../run/run-folder.ts'
import { loadAttacks } from '../choose-parts.ts'
import { judgeAndReport, showResult } from '../finish.ts'
import { BASELINE_FILE, readDocument, readResult } from '../read-document.ts'

export interface JudgeFlags {
  json?: boolean
  /** The user's own attacks that the run was made with. */
  attack?: string[]
  /** Budgets, bar and suppressions of this configuration instead of those the run was made with. */
  config?: string
  /** An earlier run to hold figures against. */
  baseline?: string
  /** Folder for the new result and reports; the run's own unless told. */
  out?: string
}

/** `onetap judge RUN`: the verdict again from the evidence, offline; writes result.json and the reports anew. */
export async function judgeRun(run: string, flags: JudgeFlags): Promise<number> {
  const folder = resolve(run)
  const recorded = readDocument<Plan>(join(folder, 'plan.json'), 'plan', ['runId', 'target', 'mocks', 'budgets'])
  const plan = flags.config === undefined ? recorded : regated(recorded, (await loadConfig(flags.config, process.cwd())).config)
  const own = await loadAttacks(flags.attack ?? [], process.cwd())
  const records = readLedger(join(folder, 'evidence.jsonl'))
  const out = flags.out === undefined ? folder : resolve(flags.out)
  onDisk(out, () => mkdirSync(out, { recursive: true }))
  const result = judgeAndReport(records, plan, [...attacks, ...own], out, baselineOf(folder, flags.baseline))
  showResult(result, out, flags.json === true, process.cwd())
  return result.exitCode
}

/** The baseline named now, else the one the run was made with. */
function baselineOf(folder: string, named: string | undefined): Result | undefined {
  const kept = join(folder, BASELINE_FILE)
  if (named === undefined) return existsSync(kept) ? readResult(kept).result : undefined
  return readResult(named).result
}
