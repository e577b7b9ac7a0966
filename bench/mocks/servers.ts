import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { MocksReady, MocksSettings } from '../../src/contract/journal.ts'
import { mintToken } from '../../src/contract/token.ts'
import { onCore, SERVER_CORE } from './cores.ts'

/** The operation every server answers: China Mobile's token exchange, MD5 mode. */
export const LOGIN_PATH = '/unisdk/rsapi/loginTokenValidate'
/** What the mock answers to a good token, give or take its times: the same size for everybody. */
const ANSWER = `{"inresponseto":"${'a'.repeat(32)}","systemtime":"20260101000000000","resultCode":"103000","msisdn":"13800000000","taskId":"202601010000000000000000000"}`
const SEED = 1
const JARS = fileURLToPath(new URL('../../.cache/bench-jars/', import.meta.url))

export interface BenchServer {
  url: string
  /** A request body the server grants. */
  body: string
  pid: number
  /** Of the mocks only. */
  ready?: MocksReady
  stop(): Promise<void>
}

/** Names of the servers that can be started here, the one they are held against first. */
export type ServerName = 'fastify' | 'node:http' | 'onetap mocks' | 'wiremock' | 'mockserver'

export function startServer(name: ServerName): Promise<BenchServer> {
  if (name === 'onetap mocks') return startMocks()
  if (name === 'wiremock' || name === 'mockserver') return startJar(name)
  return startBare(name === 'fastify' ? 'fastify' : 'http')
}

/** Java peers whose jar lies in .cache/bench-jars. */
export function jarOf(name: 'wiremock' | 'mockserver'): string | undefined {
  return existsSync(JARS) ? readdirSync(JARS).find(file => file.startsWith(name) && file.endsWith('.jar')) : undefined
}

/** Mocks with a behaviour and a number of subscribers; tokens may be used again, so that one body serves for long. */
export async function startMocks(change: Partial<MocksSettings> = {}): Promise<BenchServer> {
  const settings: MocksSettings = {
    runId: 'bench',
    seed: SEED,
    subscribers: 1_000_000,
    carriers: ['china-mobile'],
    behaviour: { latency: { kind: 'none' }, faults: [], singleUse: 'lenient' },
    ...change,
  }
  const entry = fileURLToPath(new URL('../../mocks/main.ts', import.meta.url))
  const child = start([process.execPath, '--disable-warning=ExperimentalWarning', entry], {
    ONETAP_MOCKS_SETTINGS: JSON.stringify(settings),
    ONETAP_PARENT_PIPE: '1',
  })
  const ready = (await firstLine(child)) as MocksReady
  const url = ready.providers[0]?.url ?? ''
  return { url, body: loginBody(ready, 0, 0), pid: child.pid ?? 0, ready, stop: () => stop(child) }
}

/** A signed login with a token minted for a subscriber. */
export function loginBody(ready: MocksReady, tokenIndex: number, subscriberIndex: number): string {
  const token = mintToken(SEED, {
    carrier: 'china-mobile',
    tokenIndex,
    subscriberIndex,
    generation: 0,
    appIndex: 0,
    purpose: 'login',
    issuedAtMs: Date.now(),
  })
  const { CMCC_APP_ID: appid = '', CMCC_APP_SECRET = '' } = ready.environment
  const fields = { version: '2.0', msgid: randomUUID().replaceAll('-', ''), systemtime: '20260101000000000', strictcheck: '0' }
  const signed = appid + fields.version + fields.msgid + fields.systemtime + fields.strictcheck + token + CMCC_APP_SECRET
  const sign = createHash('md5').update(signed).digest('hex').toUpperCase()
  return JSON.stringify({ ...fields, appid, token, sign })
}

async function startBare(kind: 'http' | 'fastify'): Promise<BenchServer> {
  const file = fileURLToPath(new URL('./bare-server.ts', import.meta.url))
  const child = start([process.execPath, '--disable-warning=ExperimentalWarning', file, kind, ANSWER])
  const { url } = (await firstLine(child)) as { url: string }
  return { url, body: plainBody(), pid: child.pid ?? 0, stop: () => stop(child) }
}

/** As fast as their makers let them be: no journal, no request log, asynchronous answers. */
async function startJar(name: 'wiremock' | 'mockserver'): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-bench-'))
  const port = await freePort()
  const jar = join(JARS, jarOf(name) ?? '')
  const response = { status: 200, headers: { 'Content-Type': 'application/json;charset=UTF-8' }, body: ANSWER }
  let command: string[]
  if (name === 'wiremock') {
    mkdirSync(join(folder, 'mappings'))
    writeFileSync(join(folder, 'mappings/login.json'), JSON.stringify({ request: { method: 'POST', url: LOGIN_PATH }, response }))
    const tuned = ['--no-request-journal', '--disable-request-logging', '--async-response-enabled', 'true', '--disable-banner']
    command = ['java', '-Xmx1g', '-jar', jar, '--port', `${port}`, '--bind-address', '127.0.0.1', '--root-dir', folder, ...tuned]
  } else {
    const file = join(folder, 'login.json')
    const httpResponse = { statusCode: 200, headers: { 'Content-Type': [response.headers['Content-Type']] }, body: ANSWER }
    writeFileSync(file, JSON.stringify([{ httpRequest: { method: 'POST', path: LOGIN_PATH }, httpResponse }]))
    const set = [`-Dmockserver.initializationJsonPath=${file}`, '-Dmockserver.localBoundIP=127.0.0.1']
    command = ['java', '-Xmx1g', ...set, '-jar', jar, '-serverPort', `${port}`, '-logLevel', 'WARN']
  }
  const child = start(command)
  child.stdout?.resume()
  const url = `http://127.0.0.1:${port}`
  await untilGranted(url)
  const ended = async (): Promise<void> => {
    await stop(child)
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, body: plainBody(), pid: child.pid ?? 0, stop: ended }
}

function plainBody(): string {
  return JSON.stringify({
    version: '2.0',
    msgid: 'a'.repeat(32),
    systemtime: '2'.repeat(17),
    strictcheck: '0',
    token: 'x'.repeat(50),
  })
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

function start(command: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(...onCore(SERVER_CORE, command), { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, ...env } })
}

async function firstLine(child: ChildProcess): Promise<unknown> {
  let text = ''
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return JSON.parse(text)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
