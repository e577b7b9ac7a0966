import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HarnessError } from '../../contract/errors.ts'
import type { Plan } from '../../contract/plan.ts'
import { attacks } from '../../rooms.ts'
import { readLedger } from '../../run/ledger.ts'
import { judgeAndReport, showResult } from '../finish.ts'

/** `onetap judge RUN`: the verdict again from the evidence, offline; writes result.json and the reports anew. */
export function judgeRun(run: string, json: boolean): number {
  const folder = resolve(run)
  const plan = readDocument<Plan>(join(folder, 'plan.json'), 'plan')
  const result = judgeAndReport(readLedger(join(folder, 'evidence.jsonl')), plan, attacks, folder)
  showResult(result, folder, json, process.cwd())
  return result.exitCode
}

/** Reads a JSON document of version 1; anything else is refused rather than guessed. */
export function readDocument<T extends { schemaVersion: string }>(file: string, what: string): T {
  let value: T
  try {
    value = JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new HarnessError('EVIDENCE', missing ? `there is no ${what} at ${file}` : `${file} cannot be read as a ${what}`, {
      hint: 'name the folder of a run, for instance .onetap/latest',
      cause,
    })
  }
  if (typeof value.schemaVersion !== 'string' || !value.schemaVersion.startsWith('1.')) {
    throw new HarnessError('EVIDENCE', `${file} has version ${String(value.schemaVersion)}; this onetap reads version 1`)
  }
  return value
}
