import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Peer, PINNED } from './peers.ts'
import type { TargetAccount } from './target.ts'
import { treeMemoryMb } from './tree-memory.ts'

/** One run of one tool against a target of its own. */
export interface PeerRun {
  requests: number
  /** By the target's count, from its first to its last request. */
  perSecond: number
  /** Processor time of the tool's whole process tree, start-up included, per request. Microseconds. */
  cpuUs: number
  /** Most resident memory of the tree, MB; NaN where the system does not tell. */
  memoryMb: number
  account: TargetAccount
  stdout: string
}

export interface BenchTarget {
  url: string
  /** Ends it and tells what it counted. */
  end(): Promise<TargetAccount>
}

export async function startTarget(args: readonly (number | string)[]): Promise<BenchTarget> {
  const script = fileURLToPath(new URL('./target.ts', import.meta.url))
  const [program, rest] = onCore(1, [process.execPath, script, ...args.map(String)])
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  while (!text.includes('\n')) await once(child.stdout, 'data')
  return {
    url: `http://127.0.0.1:${text.trim()}`,
    end: async () => {
      child.stdin.end()
      await once(child, 'close')
      return JSON.parse(text.trim().split('\n').at(-1) ?? '') as TargetAccount
    },
  }
}

/** Runs a tool on the core that the target has not, and ends it when it does not end by itself. */
export async function runPeer(peer: Peer, target: BenchTarget, atMostMs: number, pin = true): Promise<PeerRun> {
  // The shell tells what its children used, whatever they were; GNU time would have to be installed.
  const shell = ['bash', '-c', '"$@"; echo; times', 'bench', ...peer.command]
  const [program, rest] = pin ? onCore(0, shell) : [shell[0] ?? '', shell.slice(1)]
  const child = spawn(program, rest, { env: { ...process.env, ...peer.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-2000)
  })
  let memoryMb = Number.NaN
  const looker = setInterval(() => {
    const seen = treeMemoryMb(child.pid ?? 0)
    if (!(memoryMb >= seen)) memoryMb = seen
  }, 400)
  const overdue = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }, atMostMs)
  await once(child, 'close')
  clearTimeout(overdue)
  clearInterval(looker)
  const account = await target.end()
  if (account.requests === 0) throw new Error(`${peer.name} sent nothing: ${stderr || stdout}`)
  const cpuSeconds = childrensCpu(stdout)
  return {
    requests: account.requests,
    perSecond: account.requests / ((account.lastMs - account.firstMs) / 1000),
    cpuUs: (cpuSeconds * 1e6) / account.requests,
    memoryMb,
    account,
    stdout,
  }
}

/** The last line of bash's `times`: user and system time of its children, as `1m2.345s 0m0.678s`. */
function childrensCpu(text: string): number {
  const found = [...(text.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  return found.length === 2
    ? found.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
    : Number.NaN
}

/** A command kept on one core where the system can do that, so that tool and target do not take it from each other. */
function onCore(core: number, command: readonly string[]): readonly [string, string[]] {
  const [program = '', ...args] = PINNED ? ['taskset', '-c', String(core), ...command] : command
  return [program, args]
}
