import { createHmac, timingSafeEqual } from 'node:crypto'
import { defineControl } from './define.ts'

export interface NoticeProof {
  secret: string
  /** Unix seconds, as sent. */
  timestamp: unknown
  /** Lower or upper-case hex, as sent. */
  signature: unknown
  raw: Buffer
  nowMs: number
}

/** Whether a notice comes from the carrier and is new. */
export type IsAuthentic = (proof: NoticeProof) => boolean

/** A notice older or newer than this was captured or made up. */
const WINDOW_SECONDS = 300

export default defineControl<() => IsAuthentic>({
  id: 'notice-authentic',
  why: 'whoever can announce a new owner can take a number from anybody’s account',
  sound: () => isAuthentic,
  flaws: {
    // The address is known to the carrier only.
    'notify-no-auth': () => () => true,
  },
})

function isAuthentic({ secret, timestamp, signature, raw, nowMs }: NoticeProof): boolean {
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return false
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > WINDOW_SECONDS) return false
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(raw).digest()
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'))
}
