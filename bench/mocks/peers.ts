import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ANSWER, type BenchServer, LOGIN_PATH, plainBody, start, stop } from './servers.ts'

export const PEERS = ['wiremock', 'mockserver', 'mountebank'] as const
export type PeerName = (typeof PEERS)[number]

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url))
const JARS = join(CACHE, 'bench-jars')
const MOUNTEBANK = join(CACHE, 'bench-npm/node_modules/mountebank/bin/mb')
const CONTENT_TYPE = 'application/json;charset=UTF-8'

/** Where a peer's program lies; undefined when it was not put there. */
export function peerProgram(name: PeerName): string | undefined {
  if (name === 'mountebank') return existsSync(MOUNTEBANK) ? MOUNTEBANK : undefined
  const jar = existsSync(JARS) ? readdirSync(JARS).find(file => file.startsWith(name) && file.endsWith('.jar')) : undefined
  return jar === undefined ? undefined : join(JARS, jar)
}

/** As fast as its makers let it be: no journal, no request log, asynchronous answers, one stub. */
export async function startPeer(name: PeerName): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-bench-'))
  const port = await freePort()
  const program = peerProgram(name)
  if (program === undefined) throw new Error(`${name} is not there; see the head of bench/mocks.ts`)
  const child = start(COMMANDS[name](program, folder, port, await freePort()))
  child.stdout?.resume()
  const url = `http://127.0.0.1:${port}`
  const ended = async (): Promise<void> => {
    await stop(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilGranted(url)
  } catch (error) {
    await ended()
    throw error
  }
  return { url, body: plainBody(), pid: child.pid ?? 0, stop: ended }
}

const COMMANDS: Readonly<Record<PeerName, (program: string, folder: string, port: number, spare: number) => string[]>> = {
  wiremock: (program, folder, port) => {
    const response = { status: 200, headers: { 'Content-Type': CONTENT_TYPE }, body: ANSWER }
    mkdirSync(join(folder, 'mappings'))
    writeFileSync(join(folder, 'mappings/login.json'), JSON.stringify({ request: { method: 'POST', url: LOGIN_PATH }, response }))
    const quiet = ['--no-request-journal', '--disable-request-logging', '--disable-banner']
    const threads = ['--async-response-enabled', 'true', '--async-response-threads', '64', '--container-threads', '64']
    const place = ['--port', `${port}`, '--bind-address', '127.0.0.1', '--root-dir', folder]
    return ['java', '-Xmx1g', '-jar', program, ...place, ...quiet, ...threads, '--jetty-acceptor-threads', '2']
  },
  mockserver: (program, folder, port) => {
    const file = join(folder, 'login.json')
    const httpResponse = { statusCode: 200, headers: { 'Content-Type': [CONTENT_TYPE] }, body: ANSWER }
    writeFileSync(file, JSON.stringify([{ httpRequest: { method: 'POST', path: LOGIN_PATH }, httpResponse }]))
    const set = [`-Dmockserver.initializationJsonPath=${file}`, '-Dmockserver.localBoundIP=127.0.0.1']
    return ['java', '-Xmx1g', ...set, '-jar', program, '-serverPort', `${port}`, '-logLevel', 'WARN']
  },
  mountebank: (program, folder, port, spare) => {
    const is = { statusCode: 200, headers: { 'Content-Type': CONTENT_TYPE }, body: ANSWER }
    const stubs = [{ predicates: [{ equals: { method: 'POST', path: LOGIN_PATH } }], responses: [{ is }] }]
    const file = join(folder, 'imposters.json')
    writeFileSync(file, JSON.stringify({ imposters: [{ port, host: '127.0.0.1', protocol: 'http', stubs }] }))
    const quiet = ['--loglevel', 'warn', '--nologfile', '--pidfile', join(folder, 'mb.pid')]
    return [process.execPath, program, 'start', '--port', `${spare}`, '--host', '127.0.0.1', '--configfile', file, ...quiet]
  },
}

async function untilGranted(url: string): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const response = await fetch(url + LOGIN_PATH, { method: 'POST', body: plainBody() }).catch(() => undefined)
    if (response?.status === 200) return
    await sleep(200)
  }
  throw new Error(`${url} does not answer`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
