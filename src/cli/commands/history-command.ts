import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { renderHistory } from '../../rooms.ts'
import { onDisk, writeWholeFile } from '../../run/run-folder.ts'
import { out } from '../output.ts'
import { RUNS_FOLDER, readHistory } from '../read-history.ts'

/** `onetap history [--runs DIR] [--out FILE]`: one file over all runs, with links to the reports that lie beside it. */
export function writeHistory(flags: { runs?: string; out?: string }): number {
  const { history, folders } = readHistory(resolve(flags.runs ?? RUNS_FOLDER))
  const file = resolve(flags.out ?? join('.onetap', 'history.html'))
  const page = renderHistory(history, run => {
    const report = join(folders.get(run) ?? '', 'report.html')
    return existsSync(report) ? addressFrom(dirname(file), report) : undefined
  })
  onDisk(file, () => {
    mkdirSync(dirname(file), { recursive: true })
    writeWholeFile(file, page)
  })
  for (const { folder, why } of history.unread) out.line(`not read: ${folder}: ${why}`)
  out.result(relative(process.cwd(), file))
  return 0
}

/** Always relative, each part escaped: a folder's name can be no scheme and no query. */
function addressFrom(from: string, to: string): string {
  return `./${relative(from, to).split(sep).map(encodeURIComponent).join('/')}`
}
