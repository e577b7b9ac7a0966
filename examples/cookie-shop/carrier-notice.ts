import { createHmac, timingSafeEqual } from 'node:crypto'
import { OPERATORS, type Operator } from './environment.ts'
import { Refusal } from './refusal.ts'
import type { ShopStore } from './shop-store.ts'
import { parseForm } from './wire.ts'

const FIELDS = ['event_id', 'type', 'phone', 'op', 'to_op', 'happened_at', 'seq', 'sent_at']
const TYPES = ['REISSUE', 'SIM_CHANGE', 'PORT'] as const
const TOLERANCE_MS = 300_000

/**
 * A carrier's notice about a number: form body, `X-Shop-Sign: sha256=<hex HMAC-SHA256 of the body>`, times in epoch milliseconds.
 * Only `REISSUE` means that someone else holds the number; a new SIM card and another carrier leave everything as it is.
 * Returns whether the notice cut anything.
 */
export function takeCarrierNotice(store: ShopStore, key: string | null, sign: unknown, text: string): boolean {
  if (key === null || typeof sign !== 'string' || !isGenuine(key, sign, text)) {
    throw new Refusal('noticeNotGenuine', 'the notice is not signed by a carrier')
  }
  const fields = parseForm(text, FIELDS)
  const field = (name: string, shape: RegExp): string => {
    const value = fields.get(name)
    if (value === undefined || !shape.test(value)) throw new Refusal('bodyMalformed', 'the notice is not complete')
    return value
  }
  const nowMs = Date.now()
  const sentAtMs = Number(field('sent_at', /^\d{13}$/))
  if (Math.abs(nowMs - sentAtMs) > TOLERANCE_MS) throw new Refusal('noticeNotGenuine', 'the notice was sent too long ago')
  const happenedAtMs = Number(field('happened_at', /^\d{13}$/))
  // A notice about the future would cut bindings that do not exist yet.
  if (happenedAtMs > nowMs + TOLERANCE_MS) throw new Refusal('bodyMalformed', 'the notice is about the future')
  field('seq', /^\d{1,15}$/)
  const eventId = field('event_id', /^[\x21-\x7e]{1,128}$/)
  const phone = field('phone', /^1\d{10}$/)
  const type = TYPES.find(known => known === fields.get('type'))
  const operator = operatorNamed(fields.get('op'))
  const newOperator = fields.has('to_op') ? operatorNamed(fields.get('to_op')) : operator
  if (type === undefined) throw new Refusal('bodyMalformed', 'the type is unknown')
  if (!store.firstSightOfNotice(eventId)) return false
  if (type === 'REISSUE') return store.reissue(phone, happenedAtMs)
  store.noteOperator(phone, newOperator)
  return false
}

function isGenuine(key: string, sign: string, text: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', key).update(text).digest('hex')}`)
  const got = Buffer.from(sign)
  return got.length === expected.length && timingSafeEqual(got, expected)
}

function operatorNamed(name: string | undefined): Operator {
  const operator = OPERATORS.find(known => known === name)
  if (operator === undefined) throw new Refusal('bodyMalformed', 'the operator is unknown')
  return operator
}
