import type { CarrierClient, ExchangeAnswer, Presented, RouteId } from '../carriers/exchange.ts'
import { defineControl } from './define.ts'

/** Hands a token to whoever is to exchange it. */
export type Route = (declared: RouteId, presented: Presented) => Promise<ExchangeAnswer>

export default defineControl<(carriers: ReadonlyMap<RouteId, CarrierClient>) => Route>({
  id: 'carrier-routing',
  why: 'asking everybody shows a token to those it is not for, and makes one request cost several calls',
  sound: carriers => (declared, presented) => asked(carriers.get(declared), presented),
  flaws: {
    // "Users change carriers": whoever knows the token is right.
    'carrier-fanout': carriers => async (declared, presented) => {
      let answer = await asked(carriers.get(declared), presented)
      for (const [id, client] of carriers) {
        if (answer.kind === 'number' || id === declared) continue
        answer = await asked(client, { ...presented, appId: client.appId ?? '' })
      }
      return answer
    },
  },
})

function asked(client: CarrierClient | undefined, presented: Presented): Promise<ExchangeAnswer> {
  return client?.exchange(presented) ?? Promise.resolve({ kind: 'failed', reason: 'no such carrier' })
}
