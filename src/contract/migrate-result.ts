import type { Result } from './result.ts'

/** What an older document lacks, in the order of versions: each step makes a document of the next one. Pure. */
const STEPS: readonly { from: string; to: Result['schemaVersion']; step(old: Old): Old }[] = [
  // Until 1.1.0 every limit was an upper one.
  {
    from: '1.0.0',
    to: '1.1.0',
    step: old => ({ ...old, gates: listOf(old.gates).map(gate => ({ comparator: '<=', ...gate })) }),
  },
]

type Old = Record<string, unknown>

export const RESULT_VERSION: Result['schemaVersion'] = '1.1.0'

/**
 * A result document of any known version as one of today's. Another major version is refused, for its figures could be misread; a
 * later minor one is read as it is. Throws an Error that says which version was found.
 */
export function migrateResult(value: unknown): Result {
  const document: Old = typeof value === 'object' && value !== null ? { ...value } : {}
  const version = typeof document.schemaVersion === 'string' ? document.schemaVersion : 'none'
  if (!/^1\.\d+\.\d+$/.test(version)) throw new Error(`this is no result document of version 1 (schemaVersion: ${version})`)
  let now = document
  for (const { from, to, step } of STEPS) {
    if (now.schemaVersion === from) now = { ...step(now), schemaVersion: to }
  }
  return now as unknown as Result
}

function listOf(value: unknown): Old[] {
  return Array.isArray(value) ? value : []
}
