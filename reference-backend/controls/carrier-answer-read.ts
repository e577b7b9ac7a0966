import { type ExchangeAnswer, type Failure, failed, numberAnswer, parsedObject } from '../carriers/exchange.ts'
import type { TransportReply } from '../carriers/transport.ts'
import { defineControl } from './define.ts'

/** How a carrier's answer is read. */
export interface AnswerReader {
  /** The answer as a JSON object. Carriers answer business errors with 200, so any other status is a fault. */
  fields(reply: TransportReply): { kind: 'fields'; fields: Record<string, unknown> } | Failure
  /** Whether the answer is to the request that was sent: an answer to another's would log one person in as another. */
  echoes(sent: string, got: unknown): boolean
  /** Whether the code is the documented success, of the documented type. */
  isSuccess(code: unknown, success: string | number): boolean
  /** A number found by another way than the documented one; undefined lets the documented way decide. */
  shortcut(reply: TransportReply): ExchangeAnswer | undefined
}

const sound: AnswerReader = {
  fields(reply) {
    if (reply.kind === 'failed') return reply
    if (reply.status !== 200) return failed(`HTTP ${reply.status}`)
    const fields = parsedObject(reply.text)
    return fields === undefined ? failed('not a JSON object') : { kind: 'fields', fields }
  },
  echoes: (sent, got) => got === sent,
  isSuccess: (code, success) => code === success,
  shortcut: () => undefined,
}

export default defineControl<() => AnswerReader>({
  id: 'carrier-answer-read',
  why: 'whatever a broken or lying carrier sends must not turn into somebody’s number',
  sound: () => sound,
  flaws: {
    // Three carriers, three formats: one pattern finds the number in all of them.
    'scrape-number': () => ({
      ...sound,
      shortcut: reply => {
        const found = reply.kind === 'reply' ? /(?<!\d)1[3-9]\d{9}(?!\d)/.exec(reply.text)?.[0] : undefined
        return found === undefined ? undefined : numberAnswer(found)
      },
    }),
    // Codes are compared as numbers, and a missing one is not an error code.
    'loose-result-code': () => ({
      ...sound,
      isSuccess: (code, success) => code === undefined || code === null || code === '' || Number(code) === Number(success),
    }),
    'no-echo-check': () => ({ ...sound, echoes: () => true }),
  },
})
