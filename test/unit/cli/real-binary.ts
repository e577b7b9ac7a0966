import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** The repository's top folder. */
export const ROOT: string = resolve(import.meta.dirname, '../../..')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Running {
  child: ChildProcess
  /** Resolves when the process and all that holds its pipes has ended. */
  ended: Promise<Ended>
  /** Resolves when standard error holds the text, rejects when the process ends without. */
  says(text: string): Promise<void>
}

/** Starts the real binary, bounded: it is killed after a minute. `node`: the Node that runs it. */
export function startOnetap(args: readonly string[], cwd: string = ROOT, node: string = process.execPath): Running {
  const child = spawn(node, [join(ROOT, 'bin/onetap.js'), ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ONETAP_OFFLINE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  let heard = (): void => {}
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk
    heard()
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000)
  const ended = new Promise<Ended>(done => {
    child.on('close', code => {
      clearTimeout(timer)
      done({ code, ...text })
      heard()
    })
  })
  return {
    child,
    ended,
    says: wanted =>
      new Promise((done, reject) => {
        heard = () => {
          if (text.stderr.includes(wanted)) done()
          else if (child.exitCode !== null || child.signalCode !== null)
            reject(new Error(`ended with ${child.exitCode} before it said "${wanted}":\n${text.stderr}`))
        }
        heard()
      }),
  }
}

export function onetap(args: readonly string[], cwd?: string): Promise<Ended> {
  return startOnetap(args, cwd).ended
}

/** A fresh folder, with files in it. */
export function folderWith(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-cli-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** A target module that has what an attack needs, with code of the test's own on top. */
export function targetModule(code = ''): string {
  return `${code}
const operation = { method: 'GET', path: '/', read: () => ({ kind: 'failed', reason: 'never asked' }) }
export default { name: 'patient', operations: { nonce: operation, oneTap: operation, me: operation } }`
}

/** A config whose target never comes up: what is started stays as it is until someone stops it. Its process says its id. */
export function neverReady(onSigterm = 'process.exit(0)'): string {
  const source = `console.error('pid ' + process.pid); process.on('SIGTERM', () => ${onSigterm}); setInterval(() => 0, 1000)`
  const command = ['node', '-e', `import("data:text/javascript,${encodeURIComponent(source)}")`]
  return `export default { target: { start: { command: ${JSON.stringify(command)}, readyTimeoutMs: 60_000 } } }`
}
