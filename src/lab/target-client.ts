import { H2CClient, Pool } from 'undici'
import type { Exchange, Tamper, TranscriptEntry } from '../contract/attack.ts'
import type { OperationContext, OperationId, OperationInputs, Reading, TargetProfile } from '../contract/target.ts'
import { canonicalHeaders, type RawReply, readBody } from './reply.ts'
import { createTranscript, transcriptEntry } from './transcript.ts'
import { TargetTrouble } from './trouble.ts'
import { buildRequest, operationOf, tampered, type WireRequest } from './wire-request.ts'

/** Why an attack under way when the run was stopped has no verdict. */
export const STOPPED = 'the run was stopped before the attack was over'

export interface TargetClientOptions {
  /** Base URL without trailing slash; may hold a path. */
  baseUrl: string
  target: TargetProfile
  /** Address to connect from; the system's choice when absent. */
  from?: string | undefined
  vars: Readonly<Record<string, string>>
  /** HTTP/2 without TLS, known beforehand. */
  http2?: boolean
  context: Omit<OperationContext, 'vars' | 'nowMs'>
  /** Epoch milliseconds. */
  now: () => number
  requestTimeoutMs: number
  /** Ceilings of one attack: past them every send throws TargetTrouble. */
  maxRequests: number
  deadlineMs: number
  /** Once aborted, requests under way are cut and every send throws TargetTrouble. */
  halt?: AbortSignal | undefined
}

export interface SendOptions {
  /** Whether the transcript keeps exchanges that granted nothing; it does unless told. */
  keep?: 'always' | 'granted'
  tamper?: Tamper | undefined
}

/** Sends operations to the target and keeps what was said. Trouble on the wire is an exchange with status 0, never a throw. */
export interface TargetClient {
  send<Op extends OperationId>(op: Op, input: OperationInputs[Op], options?: SendOptions): Promise<Exchange>
  /** Builds a request without sending it, for the race gate. Counts against the ceiling. */
  prepare<Op extends OperationId>(op: Op, input: OperationInputs[Op], tamper?: Tamper): WireRequest
  /** Books an exchange that went over another wire (the race gate). */
  book(op: OperationId, request: WireRequest, outcome: RawReply | { error: string }, durationMs: number): Exchange
  /** The raw reply of an exchange, while it is remembered. */
  replyOf(exchangeId: number): RawReply | undefined
  transcript(): TranscriptEntry[]
  requests(): number
  close(): Promise<void>
}

export function createTargetClient(options: TargetClientOptions): TargetClient {
  const { target, baseUrl, requestTimeoutMs } = options
  const pools = sourcePools(new URL(baseUrl).origin, requestTimeoutMs, options.http2 ?? false)
  const transcript = createTranscript()
  const replies = new Map<number, RawReply>()
  const startedAt = performance.now()
  let requests = 0
  let nextId = 1

  function prepare<Op extends OperationId>(op: Op, input: OperationInputs[Op], tamper?: Tamper): WireRequest {
    if (options.halt?.aborted === true) throw new TargetTrouble(STOPPED)
    if (requests >= options.maxRequests) throw new TargetTrouble(`the attack used up its ${options.maxRequests} requests`)
    if (performance.now() - startedAt > options.deadlineMs)
      throw new TargetTrouble(`the attack used up its ${Math.round(options.deadlineMs / 1000)} s`)
    requests++
    const context = { ...options.context, vars: options.vars, nowMs: options.now() }
    const honest = { ...buildRequest(target, baseUrl, op, input, context), from: options.from }
    return tamper === undefined ? honest : tampered(honest, baseUrl, tamper)
  }

  function settle(op: OperationId, outcome: RawReply | { error: string }, durationMs: number): Exchange {
    const id = nextId++
    if ('error' in outcome) return { id, op, status: 0, reading: { kind: 'failed', reason: outcome.error }, durationMs }
    replies.set(id, outcome)
    return { id, op, status: outcome.status, reading: readReply(target, op, outcome), durationMs }
  }

  function note(exchange: Exchange, request: WireRequest, outcome: RawReply | { error: string }): void {
    const atMs = Math.round((performance.now() - startedAt - exchange.durationMs) * 1000) / 1000
    transcript.add(transcriptEntry(exchange.id, exchange.op, atMs, request, outcome))
  }

  return {
    async send(op, input, { keep = 'always', tamper } = {}) {
      const request = prepare(op, input, tamper)
      const before = performance.now()
      const outcome = await overWire(pools.from(request.from), request, requestTimeoutMs, options.halt)
      const exchange = settle(op, outcome, performance.now() - before)
      if (keep === 'always' || exchange.reading.kind === 'granted') note(exchange, request, outcome)
      return exchange
    },
    prepare,
    book(op, request, outcome, durationMs) {
      const exchange = settle(op, outcome, durationMs)
      note(exchange, request, outcome)
      return exchange
    },
    replyOf: id => replies.get(id),
    transcript: () => transcript.entries(),
    requests: () => requests,
    close: () => pools.close(),
  }
}

/** Connections of one lab, by the address they come from. */
function sourcePools(
  origin: string,
  timeoutMs: number,
  useH2c: boolean,
): { from(address: string | undefined): Pool; close(): Promise<void> } {
  const pools = new Map<string, Pool>()
  const h2c = useH2c ? { factory: (url: URL, opts: object) => new H2CClient(url, opts) } : {}
  return {
    from(address) {
      const known = pools.get(address ?? '')
      if (known !== undefined) return known
      const local = address === undefined ? {} : { localAddress: address }
      const pool = new Pool(origin, { connections: 32, connect: { timeout: timeoutMs }, ...local, ...h2c })
      pools.set(address ?? '', pool)
      return pool
    },
    close: async () => {
      await Promise.all([...pools.values()].map(pool => pool.destroy()))
    },
  }
}

/** One request, one reply; redirects are not followed: where a login leads is the target module's to read. */
async function overWire(
  pool: Pool,
  request: WireRequest,
  timeoutMs: number,
  halt?: AbortSignal,
): Promise<RawReply | { error: string }> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const reply = await pool.request({
      method: request.method as 'POST',
      path: request.path,
      headers: request.headers,
      body: request.body ?? null,
      signal: halt === undefined ? timeout : AbortSignal.any([timeout, halt]),
    })
    return { status: reply.statusCode, headers: canonicalHeaders(reply.headers), ...(await readBody(reply.body)) }
  } catch (error) {
    return { error: halt?.aborted === true ? STOPPED : wireError(error, timeoutMs) }
  }
}

/** One sentence for a failed exchange. */
export function wireError(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no reply within ${timeoutMs} ms`
  const { code } = error as NodeJS.ErrnoException
  return code === undefined || error.message.includes(code) ? error.message || error.name : `${code} ${error.message}`.trim()
}

function readReply(target: TargetProfile, op: OperationId, reply: RawReply): Reading {
  const operation = operationOf(target, op)
  if (operation === undefined) return { kind: 'failed', reason: `the target has no operation ${op}` }
  try {
    return operation.read(reply)
  } catch (error) {
    return {
      kind: 'failed',
      reason: `the target module could not read the reply: ${error instanceof Error ? error.message : String(error)}`,
    }
  }
}
