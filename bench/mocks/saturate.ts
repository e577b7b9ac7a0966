import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CLIENT_CORE, onCore } from './cores.ts'
import { type BenchServer, LOGIN_PATH } from './servers.ts'

const CONNECTIONS = 50

/** wrk where it is installed: autocannon's own ceiling is near that of the servers measured. */
export const LOAD_TOOL: 'wrk' | 'autocannon' = spawnSync('wrk', ['-v']).error === undefined ? 'wrk' : 'autocannon'

/** Requests a second with as many connections as keep the server busy. Throws when an answer was no 200. */
export async function saturate(server: BenchServer, seconds: number): Promise<number> {
  const { rate, bad } = await (LOAD_TOOL === 'wrk' ? byWrk(server, seconds) : byAutocannon(server, seconds))
  if (bad > 0 || !(rate > 0)) throw new Error(`${server.url}: ${bad} answers were no 200, ${rate} requests a second`)
  return rate
}

interface Outcome {
  rate: number
  bad: number
}

async function byWrk({ url, body }: BenchServer, seconds: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-wrk-'))
  const script = join(folder, 'login.lua')
  const lines = ['wrk.method = "POST"', `wrk.body = ${JSON.stringify(body)}`, 'wrk.headers["Content-Type"] = "application/json"']
  writeFileSync(script, lines.join('\n'))
  const args = ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '-s', script, url + LOGIN_PATH]
  const text = await output(['wrk', ...args])
  rmSync(folder, { recursive: true, force: true })
  const figure = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0)
  return { rate: figure(/Requests\/sec:\s+([\d.]+)/), bad: figure(/Non-2xx or 3xx responses: (\d+)/) }
}

async function byAutocannon({ url, body }: BenchServer, seconds: number): Promise<Outcome> {
  const program = join(dirname(createRequire(import.meta.url).resolve('autocannon')), 'autocannon.js')
  const request = ['-m', 'POST', '-H', 'content-type=application/json', '-b', body, url + LOGIN_PATH]
  const args = [process.execPath, program, '-j', '-n', '-c', String(CONNECTIONS), '-d', String(seconds), ...request]
  const result = JSON.parse(await output(args)) as { requests: { average: number }; non2xx: number; errors: number }
  return { rate: result.requests.average, bad: result.non2xx + result.errors }
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
