import { type CallGuardSettings, guardedCalls } from '../carriers/call-guard.ts'
import type { ExchangeAnswer } from '../carriers/exchange.ts'
import { defineControl } from './define.ts'

/** Runs one call to a carrier, or sheds it. One guard per route; the budget is shared by all. */
export type GuardCall = <Answer extends { kind: string }>(call: () => Promise<Answer>) => Promise<Answer | Shed>
export type Shed = Extract<ExchangeAnswer, { kind: 'shed' }>

export default defineControl<(settings: CallGuardSettings) => GuardCall>({
  id: 'carrier-calls',
  why: 'a slow carrier must not take the whole service with it, nor a flood the whole quota at the carrier',
  sound: guardedCalls,
  flaws: {
    // Every login may call, as often as logins come.
    'no-carrier-budget': settings => guardedCalls({ ...settings, takeBudget: () => true }),
    // As many calls at once as there are logins waiting, however long the carrier takes, and also when it is known to be down.
    'no-bulkhead': settings => call => (settings.takeBudget() ? call() : Promise.resolve({ kind: 'shed', retryAfterSeconds: 1 })),
    // "Carriers are flaky": tried until it works, though the first try may have spent the token.
    'retry-unbounded': settings => {
      const guard = guardedCalls(settings)
      return async call => {
        for (let tries = 1; ; tries++) {
          const answer = await guard(call)
          if (answer.kind !== 'failed' || tries === 10) return answer
        }
      }
    },
    // A pool of our own that hands each answer to whoever has waited longest.
    'socket-mixup': settings => {
      const guard = guardedCalls(settings)
      const waiting: ((answer: never) => void)[] = []
      return call =>
        new Promise((resolve, reject) => {
          waiting.push(resolve)
          guard(call).then(answer => waiting.shift()?.(answer as never), reject)
        })
    },
  },
})
