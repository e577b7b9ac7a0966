import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HarnessError } from '../../src/contract/errors.ts'
import { findK6, type K6Binary } from '../../src/engines/k6-binary.ts'

/** The k6 these tests run against, or undefined where there is none and nobody insists. */
export const realK6: K6Binary | undefined = await findK6({ offline: true }).catch((cause: unknown) => {
  if (process.env.CI === 'true' || !(cause instanceof HarnessError)) throw cause
  process.stderr.write(`\n*** SKIPPED: no k6 here, so nothing about k6 is proved. ${cause.hint ?? ''}\n\n`)
  return undefined
})

/** For `describe.skipIf`: true where there is no k6, which was said loudly above and is an error in CI. */
export const noK6 = realK6 === undefined

export interface K6Run {
  code: number | null
  stdout: string
  stderr: string
  /** What a file of the working folder holds; throws when there is none. */
  file(name: string): string
}

export interface StartedK6 {
  child: ChildProcess
  ended: Promise<K6Run>
}

const folders: string[] = []

/** Runs k6 on a script in a folder of its own. Its environment is empty but for what is given. */
export function startRealK6(script: string, args: readonly string[] = [], env: Record<string, string> = {}): StartedK6 {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-trap-'))
  folders.push(folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'test.js'), script)
  const child = spawn(realK6?.path ?? 'k6', ['run', '--no-color', ...args, 'test.js'], {
    cwd: folder,
    env: { PATH: process.env.PATH, K6_NO_USAGE_REPORT: 'true', K6_AUTO_EXTENSION_RESOLUTION: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<K6Run>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      resolve({ code, stdout, stderr, file: name => readFileSync(join(folder, name), 'utf8') })
    })
  })
  return { child, ended }
}

export function runRealK6(script: string, args: readonly string[] = [], env: Record<string, string> = {}): Promise<K6Run> {
  return startRealK6(script, args, env).ended
}

export function removeK6Folders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
}
