import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HarnessError } from '../../contract/errors.ts'
import type { Plan } from '../../contract/plan.ts'
import { attacks } from '../../rooms.ts'
import { readLedger } from '../../run/ledger.ts'
import { loadAttacks } from '../choose-parts.ts'
import { judgeAndReport, showResult } from '../finish.ts'

/**
 * `onetap judge RUN`: the verdict again from the evidence, offline; writes result.json and the reports anew. `attackFiles`: the
 * user's own attacks that the run was made with.
 */
export async function judgeRun(run: string, json: boolean, attackFiles: readonly string[]): Promise<number> {
  const folder = resolve(run)
  const plan = readDocument<Plan>(join(folder, 'plan.json'), 'plan', ['runId', 'target', 'mocks', 'budgets'])
  const own = await loadAttacks(attackFiles, process.cwd())
  const result = judgeAndReport(readLedger(join(folder, 'evidence.jsonl')), plan, [...attacks, ...own], folder)
  showResult(result, folder, json, process.cwd())
  return result.exitCode
}

/** Reads a JSON document of version 1 that has these members; anything else is refused rather than guessed. */
export function readDocument<T extends { schemaVersion: string }>(
  file: string,
  what: string,
  members: readonly (keyof T & string)[],
): T {
  let value: Partial<T> | null
  try {
    value = JSON.parse(readFileSync(file, 'utf8')) as Partial<T> | null
  } catch (cause) {
    const missing = ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')
    throw new HarnessError('EVIDENCE', missing ? `there is no ${what} at ${file}` : `${file} cannot be read as a ${what}`, {
      hint: 'name the folder of a run, for instance .onetap/latest',
      cause,
    })
  }
  const version = typeof value === 'object' ? value?.schemaVersion : undefined
  if (typeof version !== 'string' || !version.startsWith('1.')) {
    throw new HarnessError('EVIDENCE', `${file} has version ${String(version)}; this onetap reads version 1`)
  }
  const lacking = members.find(name => value?.[name] === undefined || value[name] === null)
  if (lacking !== undefined) throw new HarnessError('EVIDENCE', `${file} is no ${what}: it has no "${lacking}"`)
  return value as T
}
