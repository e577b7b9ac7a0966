import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The vendor's own SDK of number attributes; there is none for Node. */
const PACKAGE = 'alibabacloud_dytnsapi20200217==3.4.0'
const folder = fileURLToPath(new URL(`../../../node_modules/.cache/python/${PACKAGE}`, import.meta.url))
const SCRIPT = fileURLToPath(new URL('./numbers.py', import.meta.url))

export interface NumberCall {
  /** Method of the client, for instance `describe_phone_twice_tel_verify`. */
  method: string
  /** Class of its request. */
  request: string
  fields: Readonly<Record<string, string>>
}

export type NumberOutcome =
  | { kind: 'answered'; body: Record<string, unknown> & { Data?: Record<string, unknown> } }
  | { kind: 'thrown'; code: string | null; message: string }

/** Why the SDK cannot be had, or undefined when it can; installs it once. In CI its absence is an error. */
export function sdkTrouble(): string | undefined {
  if (existsSync(`${folder}/alibabacloud_dytnsapi20200217`)) return undefined
  const end = spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', folder, PACKAGE], {
    encoding: 'utf8',
    timeout: 120_000,
  })
  if (end.status === 0) return undefined
  const why = `no Dytnsapi SDK: ${end.error?.message ?? end.stderr.trim().split('\n').at(-1)}`
  if (process.env.CI === 'true') throw new Error(why)
  process.stderr.write(`\n*** SKIPPED: ${why}\n\n`)
  return why
}

/** Runs the calls in turn, in one Python process. */
export async function byPythonSdk(
  account: { endpoint: string; accessKeyId: string; accessKeySecret: string },
  calls: readonly NumberCall[],
): Promise<NumberOutcome[]> {
  const child = spawn('python3', [SCRIPT], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' },
  })
  child.stdin.end(JSON.stringify({ ...account, calls }))
  return JSON.parse(await text(child.stdout)) as NumberOutcome[]
}
