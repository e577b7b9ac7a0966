import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { quantile } from '../../src/contract/histogram.ts'
import type { LoadShape } from '../../src/contract/shape.ts'
import { bundleForK6 } from '../../src/engines/k6-bundle.ts'
import { k6Plan } from '../../src/engines/k6-plan.ts'
import { k6Environment } from '../../src/engines/k6-process.ts'
import { parseK6Summary } from '../../src/engines/k6-summary.ts'
import { startReceiver } from '../../src/engines/remote-write.ts'
import { fakeJob } from '../../test/contract/fake-backend/job.ts'

export type Channel = 'none' | 'remote write'

export interface Measured {
  requestsPerSecond: number
  p99Ms: number
  /** CPU time of k6 per request, microseconds; NaN where the system does not tell. Holds on a busy machine, where rates do not. */
  cpuUsPerRequest: number
  /** Relative errors of the live histogram's p50, p95 and p99 against k6's exact ones; only with a channel. */
  errors: number[]
}

const PINNED = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0

/** A command kept on one core where the system can do that, so that generator and server do not take it from each other. */
function onCore(core: number, command: readonly string[]): readonly [string, string[]] {
  const [program = '', ...args] = PINNED ? ['taskset', '-c', String(core), ...command] : command
  return [program, args]
}

export interface BenchServer {
  url: string
  stop(): void
}

export async function startServer(delayMs: number): Promise<BenchServer> {
  const file = fileURLToPath(new URL('./server.ts', import.meta.url))
  const child = spawn(...onCore(1, [process.execPath, file, String(delayMs)]), { stdio: ['pipe', 'pipe', 'inherit'] })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  return { url: `http://127.0.0.1:${String(port).trim()}`, stop: () => child.stdin.end() }
}

/** One run of the real driver against the server, with or without the live channel. */
export async function measure(k6Path: string, url: string, shape: LoadShape, channel: Channel, pin: boolean): Promise<Measured> {
  const targetModule = fileURLToPath(new URL('./target.ts', import.meta.url))
  const job = fakeJob(url, { targetModule, plan: { shape, maxUsers: 200, requestTimeoutMs: 5000 } })
  mkdirSync(job.workDir)
  await bundleForK6(job, k6Plan(job))
  const receiver = await startReceiver(() => undefined)
  const command = [k6Path, 'run', '--quiet', '--summary-export=summary.json']
  const args = channel === 'none' ? [...command, 'test.js'] : [...command, '--out=experimental-prometheus-rw', 'test.js']
  const env = k6Environment(process.env, receiver.urlOf(0))
  const [program, rest] = pin ? onCore(0, args) : [args[0] ?? '', args.slice(1)]
  const k6: ChildProcess = spawn(program, rest, { cwd: job.workDir, env, stdio: 'ignore' })
  const cpu = watchCpu(k6.pid ?? 0)
  const [code] = await once(k6, 'exit')
  const cpuSeconds = cpu.stop()
  if (code !== 0) throw new Error(`k6 ended with ${code}`)
  const summary = parseK6Summary(JSON.parse(readFileSync(join(job.workDir, 'summary.json'), 'utf8')))
  await receiver.close()
  rmSync(job.workDir, { recursive: true })
  const login = summary.series.find(s => s.series === 'oneTap' && s.outcome === 'granted')
  if (login?.exact === undefined) throw new Error('no login was granted')
  const histogram = receiver.live.totals().find(t => t.series === 'oneTap' && t.outcome === 'granted')?.histogram
  const error = (q: number, exact: number): number => (histogram === undefined ? 0 : (quantile(histogram, q) ?? 0) / exact - 1)
  const { p50, p95, p99 } = login.exact
  return {
    requestsPerSecond: login.count / (shape.durationMs / 1000),
    p99Ms: p99,
    cpuUsPerRequest: (cpuSeconds * 1e6) / login.count,
    errors: channel === 'none' ? [] : [error(0.5, p50), error(0.95, p95), error(0.99, p99)],
  }
}

/** CPU seconds of a process, read often because a process that has ended is not there to be asked. */
function watchCpu(pid: number): { stop(): number } {
  let seconds = Number.NaN
  const timer = setInterval(() => {
    try {
      // Fields 14 and 15 are user and system time in ticks of 10 ms; the second field may hold spaces and ends in a bracket.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      seconds = (Number(fields[11]) + Number(fields[12])) / 100
    } catch {
      // Not Linux, or just ended.
    }
  }, 20)
  return {
    stop: () => {
      clearInterval(timer)
      return seconds
    },
  }
}
