import { type ChildProcess, spawn } from 'node:child_process'
import { HarnessError } from '../contract/errors.ts'
import { sleep } from '../world/clock.ts'
import { ownModule } from '../world/own-module.ts'
import { freePort } from '../world/ports.ts'
import type { Segment } from './arrivals.ts'
import { PUSH_EVERY_MS } from './live-series.ts'

/** Files k6 writes into its working folder. */
export const SUMMARY_FILE = 'summary.json'
export const LOG_FILE = 'k6.log'

/** What one k6 is started with. */
export interface K6Start {
  /** Its working folder, which must exist: summary and log go there. */
  folder: string
  /** The script, absolute or from the folder. */
  script: string
  receiverUrl: string
  /** Addresses its users come from; the system's choice unless told. */
  sources?: string | undefined
  /** One of several takes its share of the arrivals and waits, its users made, until `go` is called. Absent: it is the only one. */
  segment?: Segment
}

/** A running k6. */
export interface K6Process {
  /** Exit code, or null when it ended in another way. Resolves when the process is gone. */
  readonly ended: Promise<number | null>
  /** CPU seconds used so far; undefined while k6 does not answer. */
  cpuSeconds(): Promise<number | undefined>
  /** Ends the test early; k6 still writes its summary. Kills k6 when it has not ended after `graceMs`. */
  stop(graceMs: number): Promise<void>
  /** Resolves when a k6 that is one of several has made its users, and when it has ended. */
  prepared(): Promise<void>
  /** Lets a prepared one begin. */
  go(): Promise<void>
  /** Last words on standard error. */
  lastWords(): string
}

/**
 * Starts k6 on a script. It runs on a leash (src/world/leash.ts): should the harness die, k6 ends as well and does
 * not go on loading a target nobody watches.
 */
export async function startK6(k6Path: string, start: K6Start): Promise<K6Process> {
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  const child = spawn(
    process.execPath,
    [ownModule('../world/leash.ts', import.meta.url), k6Path, ...k6Arguments(address, start)],
    // In its own process group: Ctrl-C reaches the harness alone, a second signal would make k6 drop its summary.
    {
      cwd: start.folder,
      env: k6Environment(process.env, start.receiverUrl, start.sources),
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    },
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
    prepared: () => untilPrepared(address, ended),
    go: () => patchStatus(address, { paused: false }),
    lastWords: () => words.trim(),
  }
}

/** All files by relative name: k6's own syntax for log outputs splits at commas, which a folder's name may hold. */
function k6Arguments(address: string, { script, segment }: K6Start): string[] {
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
    ...(segment === undefined ? [] : ['--paused', ...segmentArguments(segment)]),
    script,
  ]
}

/** k6's way to say which share of the load it offers: it stripes arrivals and users, and numbers iterations across all segments. */
export function segmentArguments({ index, of }: Segment): string[] {
  const bound = (i: number): string => (i === 0 ? '0' : i === of ? '1' : `${i}/${of}`)
  const sequence = Array.from({ length: of + 1 }, (_, i) => bound(i)).join()
  return [`--execution-segment=${bound(index)}:${bound(index + 1)}`, `--execution-segment-sequence=${sequence}`]
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

async function patchStatus(address: string, attributes: object): Promise<void> {
  const body = JSON.stringify({ data: { type: 'status', id: 'default', attributes } })
  const reply = await fetch(`http://${address}/v1/status`, { method: 'PATCH', body, signal: AbortSignal.timeout(2000) })
  if (!reply.ok) throw new HarnessError('ENGINE_FAILED', `k6 answers ${reply.status} at its control address`)
}

/** `paused before run` of k6's lib/execution.go: its users are made, and only the word to go is missing. */
const STATUS_PAUSED = 4
const ASK_EVERY_MS = 50

async function untilPrepared(address: string, ended: Promise<unknown>): Promise<void> {
  let gone = false
  const end = (): void => {
    gone = true
  }
  ended.then(end, end)
  while (!gone) {
    const status = await readStatus(address)
    if (status !== undefined && status >= STATUS_PAUSED) return
    await sleep(ASK_EVERY_MS)
  }
}

/** Undefined while it does not answer. */
async function readStatus(address: string): Promise<number | undefined> {
  try {
    const reply = await fetch(`http://${address}/v1/status`, { signal: AbortSignal.timeout(1000) })
    const { data } = (await reply.json()) as { data?: { attributes?: { status?: number } } }
    return data?.attributes?.status
  } catch {
    // Not up yet.
    return undefined
  }
}

async function stopK6(child: ChildProcess, address: string, graceMs: number, ended: Promise<unknown>): Promise<void> {
  try {
    await patchStatus(address, { stopped: true })
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
