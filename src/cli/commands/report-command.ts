import { dirname, relative } from 'node:path'
import { nearest } from '../../config/nearest.ts'
import { HarnessError } from '../../contract/errors.ts'
import { reports } from '../../rooms.ts'
import { writeReports } from '../finish.ts'
import { out } from '../output.ts'
import { readResult } from '../read-document.ts'

/**
 * `onetap report RUN [ids…] [--format ids]`: reports from a saved result, years later if need be. `print`: the one report on
 * standard output, for a pipe; nothing is written.
 */
export function writeReportsOf(run: string, ids: readonly string[], print: boolean): number {
  for (const id of ids) refuseUnknown(id)
  const { result, file } = readResult(run)
  if (print) {
    const [only, ...others] = reports.filter(report => ids.includes(report.id))
    if (only === undefined || others.length > 0) {
      throw new HarnessError('USAGE', '--print wants exactly one report', {
        hint: `onetap report ${run} --format markdown --print`,
      })
    }
    out.result(only.render(result))
    return 0
  }
  for (const written of writeReports(result, dirname(file), ids.length === 0 ? undefined : ids)) {
    out.result(relative(process.cwd(), written))
  }
  return 0
}

function refuseUnknown(id: string): void {
  const known = reports.map(report => report.id)
  if (known.includes(id)) return
  const suggestion = nearest(id, known)
  throw new HarnessError('USAGE', `there is no report "${id}"`, {
    hint: suggestion === undefined ? `known: ${known.join(', ')}` : `did you mean "${suggestion}"?`,
  })
}
