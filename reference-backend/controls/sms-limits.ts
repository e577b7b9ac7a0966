import type { Limiter } from '../flows/limiter.ts'
import { defineControl } from './define.ts'

/** Lets a message be sent, or throws 429. */
export type AdmitSms = (numberKey: string, source: string) => Promise<void>

export default defineControl<(limiter: Limiter) => AdmitSms>({
  id: 'sms-limits',
  why: 'every message costs money, and somebody’s phone rings',
  // Who asks pays first: a source that has used up its own budget must not use up the number's as well.
  sound: limiter => async (numberKey, source) => {
    await limiter.take('sms-source-hour', source)
    await perNumber(limiter, numberKey)
    await limiter.take('sms-global-minute', 'all')
  },
  flaws: {
    // Sources are counted, who is called is not.
    'sms-no-number-limit': limiter => async (_numberKey, source) => {
      await limiter.take('sms-source-hour', source)
      await limiter.take('sms-global-minute', 'all')
    },
    // One number at a time is protected, the bill is not.
    'sms-no-global-limit': limiter => numberKey => perNumber(limiter, numberKey),
  },
})

async function perNumber(limiter: Limiter, numberKey: string): Promise<void> {
  await limiter.take('sms-number-minute', numberKey)
  await limiter.take('sms-number-day', numberKey)
}
