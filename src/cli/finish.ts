import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Attack } from '../contract/attack.ts'
import type { EvidenceRecord } from '../contract/evidence.ts'
import { strongestExitCode } from '../contract/exit-code.ts'
import type { Plan } from '../contract/plan.ts'
import type { Result } from '../contract/result.ts'
import { judge } from '../judge/judge.ts'
import { findingScripts, renderTerminal, reports } from '../rooms.ts'
import { readLedger } from '../run/ledger.ts'
import { onDisk, type RunFolder, writeWholeFile } from '../run/run-folder.ts'
import { withoutSecrets } from '../run/run-secrets.ts'
import type { Prepared } from './gather-parts.ts'
import { colour, exitCodeOf, out, printError } from './output.ts'

/**
 * Judges a run, writes its reports and shows the result. Nothing measured is lost: after trouble (a full
 * disk, a bug) what there is is still judged and shown, and written if it can be; the trouble then has its say in the exit code.
 */
export function concludeRun(
  { plan, parts }: Prepared,
  folder: RunFolder,
  trouble: unknown,
  options: { json: boolean; cwd: string; debug: boolean; show?: boolean },
  baseline: Result | undefined,
): { exitCode: number; result: Result } {
  const troubles: unknown[] = trouble === undefined ? [] : [trouble]
  let result: Result
  try {
    result = judge(readLedger(folder.file('evidence.jsonl')), withoutSecrets(plan), parts.attacks, baseline)
  } catch (cause) {
    // The evidence file itself may be what could not be written.
    throw trouble === undefined ? cause : trouble
  }
  try {
    writeReports(result, folder.path)
  } catch (cause) {
    troubles.push(cause)
  }
  if (options.show !== false) showResult(result, folder.path, options.json, options.cwd)
  for (const one of troubles) printError(one, options.debug)
  return { exitCode: strongestExitCode([result.exitCode, ...troubles.map(exitCodeOf)]), result }
}

/** Judges evidence and writes every report into `folder`: the same evidence gives the same files. */
export function judgeAndReport(
  records: readonly EvidenceRecord[],
  plan: Plan,
  attacks: readonly Attack[],
  folder: string,
  baseline: Result | undefined,
): Result {
  const result = judge(records, plan, attacks, baseline)
  writeReports(result, folder)
  return result
}

/** Writes the chosen reports (all by default, and then a script for each finding); returns their paths. */
export function writeReports(result: Result, folder: string, only?: readonly string[]): string[] {
  if (only === undefined) onDisk(folder, () => writeScripts(result, folder))
  return reports
    .filter(report => only === undefined || only.includes(report.id))
    .map(report => {
      const file = join(folder, report.fileName)
      const content = report.render(result)
      onDisk(folder, () => writeWholeFile(file, content))
      return file
    })
}

/** Scripts of findings that are none any more go: judged again, a run may have other findings. */
function writeScripts(result: Result, folder: string): void {
  const place = join(folder, 'findings')
  // By name: beside a lone result.json there may be a folder of that name that is not ours.
  for (const name of existsSync(place) ? readdirSync(place) : []) {
    if (/^f-[0-9a-f]+\.sh$/.test(name)) rmSync(join(place, name))
  }
  const scripts = findingScripts(result)
  if (scripts.length > 0) mkdirSync(place, { recursive: true })
  for (const { path, text } of scripts) writeWholeFile(join(folder, path), text)
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
  // Dozens of attacks push the head of the summary off the screen.
  out.result(`\n${result.verdict.toUpperCase()}, exit code ${result.exitCode}, report: ${page}`)
}
