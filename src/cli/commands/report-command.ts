import { statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { nearest } from '../../config/nearest.ts'
import { HarnessError } from '../../contract/errors.ts'
import type { Result } from '../../contract/result.ts'
import { reports } from '../../rooms.ts'
import { writeReports } from '../finish.ts'
import { out } from '../output.ts'
import { readDocument } from './judge-command.ts'

/** `onetap report RUN [ids…]`: reports from a saved result, years later if need be. */
export function writeReportsOf(run: string, ids: readonly string[]): number {
  for (const id of ids) {
    if (reports.some(report => report.id === id)) continue
    const known = reports.map(report => report.id)
    const suggestion = nearest(id, known)
    throw new HarnessError('USAGE', `there is no report "${id}"`, {
      hint: suggestion === undefined ? `known: ${known.join(', ')}` : `did you mean "${suggestion}"?`,
    })
  }
  const path = resolve(run)
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  const result = readDocument<Result>(isFolder ? join(path, 'result.json') : path, 'result', [
    'verdict',
    'plan',
    'validity',
    'gates',
    'attacks',
  ])
  for (const file of writeReports(result, isFolder ? path : dirname(path), ids.length === 0 ? undefined : ids))
    out.result(relative(process.cwd(), file))
  return 0
}
