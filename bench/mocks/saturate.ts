import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CLIENT_CORE, onCore } from './cores.ts'
import { cpuSeconds } from './cpu.ts'

const CONNECTIONS = 50

/** wrk where it is installed: autocannon's own ceiling lies below that of the servers measured. */
export const LOAD_TOOL: 'wrk' | 'autocannon' = spawnSync('wrk', ['-v']).error === undefined ? 'wrk' : 'autocannon'

/** What to send where. */
export interface LoadTarget {
  url: string
  /** Of the server, to read its processor time. */
  pid: number
  path: string
  contentType: string
  /** Sent one after the other, and again from the first. */
  bodies: readonly string[]
}

export interface Load {
  ratePerSecond: number
  /** Processor seconds of the server for 100,000 requests. */
  cpuPer100k: number | undefined
}

/** Requests a second with as many connections as keep the server busy. Throws when an answer was no 200. */
export async function saturate(target: LoadTarget, seconds: number): Promise<Load> {
  const before = cpuSeconds(target.pid)
  const { requests, ratePerSecond, bad } = await (LOAD_TOOL === 'wrk' ? byWrk(target, seconds) : byAutocannon(target, seconds))
  const after = cpuSeconds(target.pid)
  if (bad > 0 || !(ratePerSecond > 0)) {
    throw new Error(`${target.url}${target.path}: ${bad} answers were no 200, ${ratePerSecond} requests a second`)
  }
  const cpuPer100k = before === undefined || after === undefined ? undefined : ((after - before) / requests) * 1e5
  return { ratePerSecond, cpuPer100k }
}

interface Outcome {
  requests: number
  ratePerSecond: number
  bad: number
}

async function byWrk({ url, path, contentType, bodies }: LoadTarget, seconds: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-wrk-'))
  const script = join(folder, 'calls.lua')
  const list = join(folder, 'bodies.txt')
  writeFileSync(list, `${bodies.join('\n')}\n`)
  const head = `{ ["Content-Type"] = ${JSON.stringify(contentType)} }`
  const lines = [
    'local calls, at = {}, 0',
    `function init() for body in io.lines(${JSON.stringify(list)}) do calls[#calls + 1] = wrk.format("POST", nil, ${head}, body) end end`,
    'function request() at = at % #calls + 1; return calls[at] end',
  ]
  const single = [
    'wrk.method = "POST"',
    `wrk.body = ${JSON.stringify(bodies[0])}`,
    `wrk.headers["Content-Type"] = ${JSON.stringify(contentType)}`,
  ]
  writeFileSync(script, (bodies.length > 1 ? lines : single).join('\n'))
  const text = await output(['wrk', '-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '-s', script, url + path])
  rmSync(folder, { recursive: true, force: true })
  const figure = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0)
  return {
    requests: figure(/(\d+) requests in/),
    ratePerSecond: figure(/Requests\/sec:\s+([\d.]+)/),
    bad: figure(/Non-2xx or 3xx responses: (\d+)/),
  }
}

async function byAutocannon({ url, path, contentType, bodies }: LoadTarget, seconds: number): Promise<Outcome> {
  if (bodies.length > 1) throw new Error('calls that must differ need wrk')
  const program = join(dirname(createRequire(import.meta.url).resolve('autocannon')), 'autocannon.js')
  const request = ['-m', 'POST', '-H', `content-type=${contentType}`, '-b', bodies[0] ?? '', url + path]
  const args = [process.execPath, program, '-j', '-n', '-c', String(CONNECTIONS), '-d', String(seconds), ...request]
  const result = JSON.parse(await output(args)) as {
    requests: { average: number; total: number }
    non2xx: number
    errors: number
  }
  return {
    requests: result.requests.total,
    ratePerSecond: result.requests.average,
    bad: result.non2xx + result.errors,
  }
}

async function output(command: readonly string[]): Promise<string> {
  const child = spawn(...onCore(CLIENT_CORE, command), { stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  await once(child, 'close')
  return text
}
