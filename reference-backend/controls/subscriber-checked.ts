import type { SubscriberAnswer, SubscriberCheck } from '../carriers/subscriber-check.ts'
import { defineControl } from './define.ts'

/** Asks whether a number changed hands; undefined where nobody is asked. */
export type AskSubscriber = ((msisdn: string, sinceMs: number) => Promise<SubscriberAnswer>) | undefined

export default defineControl<(check: SubscriberCheck | undefined) => AskSubscriber>({
  id: 'subscriber-checked',
  why: 'a notice that was lost leaves the next owner of a number at the former owner’s door',
  sound: check => (check === undefined ? undefined : (msisdn, sinceMs) => check.ask(msisdn, sinceMs)),
  flaws: {
    // The carrier promised to send notices.
    'no-subscriber-check': () => undefined,
  },
})
