import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../src/world/child.ts'
import { onCore, SERVER_CORE } from '../mocks/cores.ts'

const MAIN = fileURLToPath(new URL('../../reference-backend/main.ts', import.meta.url))
const READY_WITHIN_MS = 20_000
/** Of /proc/<pid>/stat, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

export interface BenchBackend {
  url: string
  /** CPU seconds used since the start; undefined where /proc is not. */
  cpuSeconds(): number | undefined
  /** Milliseconds spent in each stage, and logins, since the start; empty without STAGE_TIMING. */
  stages(): Promise<Map<string, { ms: number; count: number }>>
  stop(): Promise<void>
}

/** The reference backend on a core of its own, with limits that no load meets. */
export async function startBackend(environment: Record<string, string>): Promise<BenchBackend> {
  const extra = (process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(flag => flag !== '')
  const [program, args] = onCore(SERVER_CORE, [process.execPath, '--disable-warning=ExperimentalWarning', ...extra, MAIN])
  const child = startChild([program, ...args], {
    env: { LIMITS: 'nonce-source-minute=999999999', ONETAP_PARENT_PIPE: '1', PORT: '0', ...environment },
  })
  const line = await child.firstLine(READY_WITHIN_MS)
  if (line === undefined) throw new Error(`the backend did not start: ${child.tail().join('\n')}`)
  const url = (JSON.parse(line) as { listening: string }).listening
  return {
    url,
    cpuSeconds: () => (process.platform === 'linux' ? cpuSecondsOf(child.pid) : undefined),
    stages: async () => readStages(await (await fetch(`${url}/metrics`)).text()),
    stop: () => child.stop(),
  }
}

function cpuSecondsOf(pid: number): number {
  // The second field is the program's name, which may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

function readStages(text: string): Map<string, { ms: number; count: number }> {
  const stages = new Map<string, { ms: number; count: number }>()
  for (const [, what, stage = '', value] of text.matchAll(/^login_stage_seconds_(sum|count)\{stage="(\w+)"\} (\S+)$/gm)) {
    const entry = stages.get(stage) ?? { ms: 0, count: 0 }
    if (what === 'sum') entry.ms = Number(value) * 1000
    else entry.count = Number(value)
    stages.set(stage, entry)
  }
  return stages
}
