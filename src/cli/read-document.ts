import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HarnessError } from '../contract/errors.ts'
import { migrateResult } from '../contract/migrate-result.ts'
import type { Result } from '../contract/result.ts'

/** A run keeps the result it was held against under this name: judged again years later, the verdict must be the same. */
export const BASELINE_FILE = 'baseline.json'

/** The result of a run, named by its folder or by its file, of whatever version 1 it is. Throws HarnessError EVIDENCE. */
export function readResult(run: string): { result: Result; file: string } {
  const path = resolve(run)
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? join(path, 'result.json') : path
  const members = ['verdict', 'plan', 'validity', 'gates', 'attacks', 'time'] as const
  return { result: migrateResult(readDocument<Result>(file, 'result', members)), file }
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
