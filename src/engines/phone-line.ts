import { type PhoneAccess, type PhoneStep, phoneRequests, readPhone } from '../contract/phone.ts'
import type { Reading } from '../contract/target.ts'

/** Asks the user's own phone from Node. Never rejects: a phone without a line is a failed reading. */
export type PhoneLine = (step: PhoneStep) => Promise<Reading>

export function phoneLine(access: PhoneAccess | undefined, timeoutMs: number): PhoneLine {
  if (access === undefined) return async step => ({ kind: 'failed', reason: `the run has no phone to do ${step.op}` })
  const requestOf = phoneRequests(access)
  return async step => {
    const { url, ...init } = requestOf(step)
    try {
      const reply = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) })
      return readPhone(step.op, { status: reply.status, body: await reply.text(), headers: {} })
    } catch (cause) {
      return {
        kind: 'failed',
        reason: `the phone got no answer for ${step.op}: ${cause instanceof Error ? cause.message : cause}`,
      }
    }
  }
}
