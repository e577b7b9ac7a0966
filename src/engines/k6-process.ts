import { type ChildProcess, spawn } from 'node:child_process'
import { HarnessError } from '../contract/errors.ts'
import { ownModule } from '../world/own-module.ts'
import { freePort } from '../world/ports.ts'
import { BUNDLE_FILE } from './k6-bundle.ts'
import { PUSH_EVERY_MS } from './live-series.ts'

/** Files k6 writes into its working folder. */
export const SUMMARY_FILE = 'summary.json'
export const LOG_FILE = 'k6.log'

/** A running k6. */
export interface K6Process {
  /** Exit code, or null when it ended in another way. Resolves when the process is gone. */
  readonly ended: Promise<number | null>
  /** CPU seconds used so far; undefined while k6 does not answer. */
  cpuSeconds(): Promise<number | undefined>
  /** Ends the test early; k6 still writes its summary. Kills k6 when it has not ended after `graceMs`. */
  stop(graceMs: number): Promise<void>
  /** Last words on standard error. */
  lastWords(): string
}

/**
 * Starts k6 on the bundle in `workDir`. It runs on a leash (src/world/leash.ts): should the harness die, k6 ends as well and does
 * not go on loading a target nobody watches. `sources`: addresses its users come from; the system's choice unless told.
 */
export async function startK6(k6Path: string, workDir: string, receiverUrl: string, sources?: string): Promise<K6Process> {
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  const child = spawn(
    process.execPath,
    [ownModule('../world/leash.ts', import.meta.url), k6Path, ...k6Arguments(address)],
    // In its own process group: Ctrl-C reaches the harness alone, a second signal would make k6 drop its summary.
    { cwd: workDir, env: k6Environment(process.env, receiverUrl, sources), stdio: ['pipe', 'ignore', 'pipe'], detached: true },
  )
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    words = (words + chunk).slice(-4000)
  })
  // A child that ended breaks the pipe; its exit is reported by `ended`.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', cause => reject(new HarnessError('ENGINE_FAILED', `k6 cannot be started: ${cause.message}`, { cause })))
    child.once('close', code => resolve(code))
  })
  return {
    ended,
    cpuSeconds: () => readCpuSeconds(address),
    stop: graceMs => stopK6(child, address, graceMs, ended),
    lastWords: () => words.trim(),
  }
}

/** All files by relative name: k6's own syntax for log outputs splits at commas, which a folder's name may hold. */
function k6Arguments(address: string): string[] {
  return [
    'run',
    '--quiet',
    '--no-color',
    '--no-usage-report',
    '--include-system-env-vars=false',
    '--log-format=json',
    // Errors only: k6 warns about every request that fails, which under load fills a disk.
    `--log-output=file=${LOG_FILE},level=error`,
    `--address=${address}`,
    `--summary-export=${SUMMARY_FILE}`,
    '--out=experimental-prometheus-rw',
    BUNDLE_FILE,
  ]
}

/** Our environment without anything that would configure k6 behind our back, and with what configures it here. */
export function k6Environment(outer: NodeJS.ProcessEnv, receiverUrl: string, sources?: string): NodeJS.ProcessEnv {
  const rest = Object.entries(outer).filter(([name]) => !name.startsWith('K6_'))
  return {
    ...Object.fromEntries(rest),
    K6_NO_USAGE_REPORT: 'true',
    // Users take the addresses in turn.
    ...(sources === undefined ? {} : { K6_LOCAL_IPS: sources }),
    // Else k6 may fetch another k6 from the network.
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_PROMETHEUS_RW_SERVER_URL: receiverUrl,
    K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true',
    K6_PROMETHEUS_RW_PUSH_INTERVAL: `${PUSH_EVERY_MS}ms`,
    // Makes k6 send every series once more at its end; without it the last samples of a series can be held back when they fall
    // into the same millisecond as the push before.
    K6_PROMETHEUS_RW_STALE_MARKERS: 'true',
  }
}

/** k6 tells its own CPU time at its control address, on every system alike. */
async function readCpuSeconds(address: string): Promise<number | undefined> {
  try {
    const reply = await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(1000) })
    const match = /^process_cpu_seconds_total (\S+)$/m.exec(await reply.text())
    return match?.[1] === undefined ? undefined : Number(match[1])
  } catch {
    // Not up yet, already gone, or too busy to answer: a gap in the figure, nothing more.
    return undefined
  }
}

const STOP_REQUEST = JSON.stringify({ data: { type: 'status', id: 'default', attributes: { stopped: true } } })

async function stopK6(child: ChildProcess, address: string, graceMs: number, ended: Promise<unknown>): Promise<void> {
  try {
    const signal = AbortSignal.timeout(2000)
    await fetch(`http://${address}/v1/status`, { method: 'PATCH', body: STOP_REQUEST, signal })
  } catch {
    // It does not listen (any more): the leash asks it by signal.
    child.stdin?.end()
  }
  const timer = setTimeout(() => {
    // Closing the leash asks by signal once more and kills three seconds later.
    child.stdin?.end()
  }, graceMs)
  await ended.finally(() => clearTimeout(timer))
}
