import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { OperationId, OperationInputs, Reading, Reply, TargetProfile } from '../../../src/contract/target.ts'
import { nodeCryptoPort } from '../../../src/lab/crypto-port.ts'
import { canonicalHeaders } from '../../../src/lab/reply.ts'
import { buildRequest } from '../../../src/lab/wire-request.ts'

/** A backend running as a child process, as users run it. */
export interface Served {
  url: string
  stop(): Promise<number | null>
}

/** Starts `node <file>` at the repository's top and waits for the line that names its address. */
export async function serve(file: string, env: Record<string, string>): Promise<Served> {
  // On the harness's leash: a test that fails before it stops its server, or a killed test run, leaves none behind.
  const command = ['src/world/leash.ts', process.execPath, '--disable-warning=ExperimentalWarning', file]
  const child = spawn(process.execPath, command, {
    cwd: new URL('../../..', import.meta.url),
    env: { PORT: '0', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  let complaint = ''
  child.stderr.on('data', chunk => {
    complaint += chunk
  })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`${file} ended with ${code}: ${complaint}`)))
  })
  const { listening } = JSON.parse(line) as { listening: string }
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM')
    return ended
  }
  return { url: listening, stop }
}

export interface Answered {
  reply: Reply
  reading: Reading
}

/** Sends operations of a target module over the wire, built and read as the lab does. */
export function driverOf(target: TargetProfile, baseUrl: string, vars: Record<string, string>) {
  return async <Op extends OperationId>(op: Op, input: OperationInputs[Op]): Promise<Answered> => {
    const context = { vars, crypto: nodeCryptoPort, nowMs: Date.now() }
    const request = buildRequest(target, baseUrl, op, input, context)
    const { method, headers } = request
    const response = await fetch(request.url, { method, headers, redirect: 'manual', body: request.body ?? null })
    const reply = {
      status: response.status,
      body: await response.text(),
      headers: canonicalHeaders({ ...Object.fromEntries(response.headers), ...setCookies(response) }),
    }
    const operation = target.operations[op]
    if (operation === undefined) throw new Error(`no operation ${op}`)
    return { reply, reading: operation.read(reply) }
  }
}

/** Repeated in a reply, and the last alone would be left of them in an object. */
function setCookies(response: Response): Record<string, string[]> {
  const cookies = response.headers.getSetCookie()
  return cookies.length === 0 ? {} : { 'set-cookie': cookies }
}
