import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { HarnessError } from '../contract/errors.ts'
import type { History, HistoryRun, UnreadRun } from '../contract/history.ts'
import { historyOf } from '../judge/history.ts'
import { historyRun } from '../judge/history-run.ts'
import { readResult } from './read-document.ts'

/** Where runs lie unless told. */
export const RUNS_FOLDER = join('.onetap', 'runs')

export interface FoundHistory {
  history: History
  /** Folder of each run that was read. */
  folders: ReadonlyMap<HistoryRun, string>
}

/** Every folder below `root` read as a run; what cannot be read is named with its reason. Throws HarnessError EVIDENCE without any run. */
export function readHistory(root: string): FoundHistory {
  const folders = new Map<HistoryRun, string>()
  const unread: UnreadRun[] = []
  const names = existsSync(root) ? readdirSync(root, { withFileTypes: true }) : []
  for (const entry of names.filter(one => !one.isFile())) {
    const folder = join(root, entry.name)
    try {
      folders.set(historyRun(readResult(folder).result), folder)
    } catch (cause) {
      unread.push({ folder: entry.name, why: cause instanceof Error ? cause.message : String(cause) })
    }
  }
  if (folders.size === 0) {
    const seen = unread[0] === undefined ? '' : ` (of ${unread[0].folder}: ${unread[0].why})`
    throw new HarnessError('EVIDENCE', `there is no run to read below ${root}${seen}`, {
      hint: 'run onetap first, or name the folder that holds run folders with --runs',
    })
  }
  return { history: historyOf([...folders.keys()], unread), folders }
}
