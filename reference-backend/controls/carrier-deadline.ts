import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '../refusal.ts'
import { reportTrouble } from '../trouble.ts'
import { defineControl } from './define.ts'

/** What the deadline of a carrier call means for the login that waits for it. */
export interface CarrierDeadline {
  /** How long the connection waits for the carrier. */
  readonly transportTimeoutMs: number
  /** The login as the client sees it. */
  answerWithin<T>(login: Promise<T>): Promise<T>
}

export default defineControl<(timeoutMs: number) => CarrierDeadline>({
  id: 'carrier-deadline',
  why: 'a login the client was told had failed must not happen after all',
  sound: timeoutMs => ({ transportTimeoutMs: timeoutMs, answerWithin: login => login }),
  flaws: {
    // The client is answered in time; the work behind it was never called off.
    'late-success-counts': timeoutMs => ({
      transportTimeoutMs: timeoutMs * 10,
      answerWithin: login => {
        const late = sleep(timeoutMs).then((): never => {
          login.catch(reportTrouble)
          throw new Refusal(502, 'CARRIER_UNAVAILABLE', 'The carrier gave no usable answer. Try again with a new token.')
        })
        return Promise.race([login, late])
      },
    }),
  },
})
