import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Attack } from '../contract/attack.ts'
import type { EvidenceRecord } from '../contract/evidence.ts'
import type { Plan } from '../contract/plan.ts'
import type { Result } from '../contract/result.ts'
import { judge } from '../judge/judge.ts'
import { renderTerminal, reports } from '../rooms.ts'
import { onDisk } from '../run/run-folder.ts'
import { colour, out } from './output.ts'

/** Judges evidence and writes every report into `folder`. Pure but for the writing: the same evidence gives the same files. */
export function judgeAndReport(
  records: readonly EvidenceRecord[],
  plan: Plan,
  attacks: readonly Attack[],
  folder: string,
  only?: readonly string[],
): Result {
  const result = judge(records, plan, attacks)
  writeReports(result, folder, only)
  return result
}

/** Writes the chosen reports (all by default); returns their paths. */
export function writeReports(result: Result, folder: string, only?: readonly string[]): string[] {
  return reports
    .filter(report => only === undefined || only.includes(report.id))
    .map(report => {
      const file = join(folder, report.fileName)
      onDisk(folder, () => writeFileSync(file, report.render(result)))
      return file
    })
}

/** What a person sees at the end; with `json`, the document itself on standard output and nothing else there. */
export function showResult(result: Result, folder: string, json: boolean, cwd: string): void {
  const page = relative(cwd, join(folder, 'report.html'))
  if (json) {
    out.result(JSON.stringify(result, null, 2))
    out.line(`report: ${page}`)
    return
  }
  out.result(
    renderTerminal(result, {
      colour: colour.isColorSupported && process.stdout.isTTY === true,
      width: process.stdout.columns ?? 100,
    }),
  )
  out.result(`report: ${page}`)
}
