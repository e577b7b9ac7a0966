import { type ChildProcess, spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { MocksReady, MocksSettings } from '../../src/contract/journal.ts'
import { mintToken } from '../../src/contract/token.ts'
import { MOCKS_NODE_OPTIONS } from '../../src/world/mocks.ts'
import { onCore, SERVER_CORE } from './cores.ts'
import type { LoadTarget } from './saturate.ts'

/** The operation every server answers: China Mobile's token exchange, MD5 mode. */
export const LOGIN_PATH = '/unisdk/rsapi/loginTokenValidate'
/** What the mock answers to a good token, give or take its times: the same size for everybody. */
export const ANSWER = `{"inresponseto":"${'a'.repeat(32)}","systemtime":"20260101000000000","resultCode":"103000","msisdn":"13800000000","taskId":"202601010000000000000000000"}`
export const SEED = 1

export interface BenchServer {
  url: string
  /** A request body the server grants. */
  body: string
  pid: number
  /** Of the mocks only. */
  ready?: MocksReady
  stop(): Promise<void>
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
  const child = start([process.execPath, ...MOCKS_NODE_OPTIONS, entry], {
    ONETAP_MOCKS_SETTINGS: JSON.stringify(settings),
    ONETAP_PARENT_PIPE: '1',
  })
  const ready = (await firstLine(child)) as MocksReady
  const url = ready.providers[0]?.url ?? ''
  return { url, body: loginBody(ready, 0, 0), pid: child.pid ?? 0, ready, stop: () => stop(child) }
}

let messages = 0

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
  return loginBodyOf(ready, token)
}

export function loginBodyOf(ready: MocksReady, token: string): string {
  const { CMCC_APP_ID: appid = '', CMCC_APP_SECRET = '' } = ready.environment
  const fields = {
    version: '2.0',
    msgid: (++messages).toString(16).padStart(32, '0'),
    systemtime: '20260101000000000',
    strictcheck: '0',
  }
  const signed = appid + fields.version + fields.msgid + fields.systemtime + fields.strictcheck + token + CMCC_APP_SECRET
  const sign = hash('md5', signed, 'hex').toUpperCase()
  return JSON.stringify({ ...fields, appid, token, sign })
}

/** The token exchange that a server grants again and again. */
export function loginTarget({ url, body, pid }: BenchServer): LoadTarget {
  return { url, pid, path: LOGIN_PATH, contentType: 'application/json', bodies: [body] }
}

/** A bare server that answers the same JSON; see bare-server.ts. */
export async function startBare(kind: 'http' | 'fastify' | 'raw', delayMs = 0): Promise<BenchServer> {
  const file = fileURLToPath(new URL('./bare-server.ts', import.meta.url))
  const child = start([process.execPath, '--disable-warning=ExperimentalWarning', file, kind, ANSWER, String(delayMs)])
  const { url } = (await firstLine(child)) as { url: string }
  return { url, body: plainBody(), pid: child.pid ?? 0, stop: () => stop(child) }
}

/** A request of the size of a login, for servers that read nothing in it. */
export function plainBody(): string {
  return JSON.stringify({
    version: '2.0',
    msgid: 'a'.repeat(32),
    systemtime: '2'.repeat(17),
    strictcheck: '0',
    token: 'x'.repeat(50),
  })
}

export function start(command: readonly string[], env: Record<string, string> = {}): ChildProcess {
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

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
