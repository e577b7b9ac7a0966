import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Result } from '../../src/contract/result.ts'

/** The repository's top folder. */
export const ROOT = resolve(import.meta.dirname, '../..')

export interface Finished {
  code: number | null
  stdout: string
  stderr: string
}

export interface Running {
  child: ChildProcess
  finished: Promise<Finished>
  /** Resolves when standard error holds the text. Rejects when the command ends before. */
  says(text: string): Promise<void>
}

/** Starts the real CLI. Bounded: it is killed after `timeoutMs`. */
export function startCli(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; timeoutMs?: number } = {},
): Running {
  const child = spawn(process.execPath, [join(ROOT, 'bin/onetap.js'), ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const waiting: { text: string; resolve: () => void }[] = []
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
    for (const wait of waiting) if (stderr.includes(wait.text)) wait.resolve()
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 90_000)
  const finished = new Promise<Finished>(done => {
    child.on('close', code => {
      clearTimeout(timer)
      done({ code, stdout, stderr })
    })
  })
  return {
    child,
    finished,
    says: text =>
      Promise.race([
        new Promise<void>(done => {
          if (stderr.includes(text)) done()
          else waiting.push({ text, resolve: done })
        }),
        finished.then(end => {
          if (!end.stderr.includes(text)) throw new Error(`ended with ${end.code} before it said "${text}":\n${end.stderr}`)
        }),
      ]),
  }
}

export function runCli(args: readonly string[], options: Parameters<typeof startCli>[1] = {}): Promise<Finished> {
  return startCli(args, options).finished
}

export function temporaryFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `onetap-e2e-${name}-`))
}

export function readResult(folder: string): Result {
  return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as Result
}

/** Live processes that mention the text in their command line, environment or working folder: what a run left behind. Linux only; elsewhere an empty list. */
export function processesMentioning(text: string): string[] {
  try {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .flatMap(pid => {
        try {
          const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
          const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
          const folder = readlinkSync(`/proc/${pid}/cwd`)
          const mentions = [environment, command, folder].some(place => place.includes(text))
          return Number(pid) !== process.pid && mentions ? [`${pid} ${command}`] : []
        } catch {
          return []
        }
      })
  } catch {
    return []
  }
}
