import { randomUUID } from 'node:crypto'
import { indexOfNumber } from '../../src/contract/people.ts'
import type { Answer, Call, DialectPorts, Operation, Reading } from '../dialect.ts'
import type { Memory } from '../memory.ts'
import { isObject, jsonObject, onlyStrings, type StringFields } from './string-fields.ts'

/** An account of the gateway. */
export interface SmsAccount {
  appId: string
  appIndex: number
  apiKey: string
}

const TEMPLATES: readonly unknown[] = ['login-code', 'reset-code', 'bind-code']
const REFERENCES_KEPT = 20_000
const MINUTE_MS = 60_000

/** How many texts one number may get within how long, by the answers of the assumption `per-number-limit`. */
const LIMITS: Readonly<Record<string, { messages: number; withinMs: number }>> = {
  '1-per-minute': { messages: 1, withinMs: MINUTE_MS },
  '5-per-hour': { messages: 5, withinMs: 60 * MINUTE_MS },
}

interface Message {
  to: string
  template: string
  params: StringFields
  clientRef: string
}

/** `POST /v1/messages`: takes a text for one number. A repeated `clientRef` sends nothing and gives the first answer again. */
export function smsMessages(accounts: readonly SmsAccount[], ports: DialectPorts): Operation {
  const outbox = ports.keep('outbox', new Outbox(ports))
  return {
    name: 'messages',
    path: '/v1/messages',
    read: call => reading(call, accounts, outbox),
  }
}

function reading(call: Call, accounts: readonly SmsAccount[], outbox: Outbox): Reading {
  const { authorization } = call.headers
  const account = accounts.find(one => authorization === `Bearer ${one.apiKey}`)
  return {
    token: '',
    appId: account?.appId ?? '',
    signature: authorization === undefined ? 'absent' : account === undefined ? 'bad' : 'ok',
    settle: () => {
      if (call.method !== 'POST') return failure(405, 'METHOD_NOT_ALLOWED')
      if (account === undefined) return failure(401, 'UNAUTHORIZED')
      if (call.unreadable === 'oversized') return failure(413, 'TOO_LARGE')
      const message = messageOf(call)
      if (message === undefined) return failure(400, 'BAD_REQUEST')
      if (!/^1[3-9]\d{9}$/.test(message.to)) return failure(400, 'BAD_NUMBER')
      return outbox.take(account, message)
    },
    systemError: () => failure(503, 'UNAVAILABLE'),
    throttled: () => ({ ...failure(429, 'THROTTLED'), headers: { 'retry-after': '1' } }),
  }
}

function messageOf(call: Call): Message | undefined {
  if (!call.contentType.startsWith('application/json')) return undefined
  const { to, template, params, clientRef, ...unknown } = jsonObject(call.body) ?? {}
  if (typeof to !== 'string' || !TEMPLATES.includes(template) || !isObject(params)) return undefined
  if (typeof clientRef !== 'string' || clientRef.length < 1 || clientRef.length > 64 || Object.keys(unknown).length > 0)
    return undefined
  const values = onlyStrings(params)
  return values === undefined ? undefined : { to, template: String(template), params: values, clientRef }
}

interface OutboxSnapshot {
  byReference: [string, { messageId: string; to: string }][]
  sentAtMs: [string, number[]][]
}

/** What was taken, so that a retry does not ring the phone twice and a number can be protected. */
class Outbox implements Memory {
  readonly #ports: DialectPorts
  readonly #byReference = new Map<string, { messageId: string; to: string }>()
  readonly #sentAtMs = new Map<string, number[]>()

  constructor(ports: DialectPorts) {
    this.#ports = ports
  }

  take(account: SmsAccount, { to, template, params, clientRef }: Message): Answer {
    const reference = `${account.appId}/${clientRef}`
    const known = this.#byReference.get(reference)
    if (known !== undefined) return known.to === to ? accepted(known.messageId, false) : failure(409, 'CLIENT_REF_REUSED')
    const { lives, inbox, seed, nowMs } = this.#ports
    const waitMs = this.#waitMs(to, nowMs())
    if (waitMs > 0) return { ...failure(429, 'THROTTLED'), headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } }
    const messageId = randomUUID()
    keep(this.#byReference, reference, { messageId, to })
    const index = indexOfNumber(seed, to)
    // A gateway takes texts for any number; one that nobody holds rings nowhere.
    if (index === undefined) inbox.deliver({ atMs: nowMs(), to, template, params })
    else if (lives.isHeld(index)) inbox.deliver({ atMs: nowMs(), to, template, params, imsi: lives.sim(index).imsi })
    return accepted(messageId, true)
  }

  snapshot(): OutboxSnapshot {
    return { byReference: [...this.#byReference], sentAtMs: [...this.#sentAtMs] }
  }

  restore(kept: unknown): void {
    const { byReference, sentAtMs } = kept as OutboxSnapshot
    for (const [reference, sent] of byReference) this.#byReference.set(reference, sent)
    for (const [to, times] of sentAtMs) this.#sentAtMs.set(to, times)
  }

  reset(): void {
    this.#byReference.clear()
    this.#sentAtMs.clear()
  }

  #waitMs(to: string, nowMs: number): number {
    const limit = LIMITS[this.#ports.assume('per-number-limit')]
    if (limit === undefined) return 0
    const recent = (this.#sentAtMs.get(to) ?? []).filter(atMs => nowMs - atMs < limit.withinMs)
    const [oldest] = recent
    if (oldest !== undefined && recent.length >= limit.messages) return oldest + limit.withinMs - nowMs
    keep(this.#sentAtMs, to, [...recent, nowMs])
    return 0
  }
}

/** Sets an entry and forgets the oldest beyond the limit. */
function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= REFERENCES_KEPT) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}

function accepted(messageId: string, billed: boolean): Answer {
  return { ...failure(202, ''), body: JSON.stringify({ messageId }), billed }
}

function failure(httpStatus: number, code: string): Answer {
  const body = JSON.stringify({ error: { code } })
  return { httpStatus, contentType: 'application/json; charset=utf-8', body, resultCode: code, redeemed: false, billed: false }
}
