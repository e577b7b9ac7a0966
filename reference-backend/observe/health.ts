import { setTimeout as sleep } from 'node:timers/promises'
import type { Stores } from '../stores/open.ts'
import { reportTrouble } from '../trouble.ts'

export type StoreState = 'ok' | 'unreachable'

export interface Health {
  status: 'ok' | 'degraded'
  stores: { accounts: StoreState; ephemeral: StoreState }
}

/** Who asks for health wants to know now: a store that needs longer is not there. */
const PATIENCE_MS = 1000

/** Asks each store for something that is not in it. Does not throw. */
export async function healthOf({ accounts, ephemeral }: Stores): Promise<Health> {
  const [first, second] = await Promise.all([
    stateOf(accounts.account('00000000-0000-0000-0000-000000000000')),
    stateOf(ephemeral.get('health')),
  ])
  const good = first === 'ok' && second === 'ok'
  return { status: good ? 'ok' : 'degraded', stores: { accounts: first, ephemeral: second } }
}

function stateOf(asked: Promise<unknown>): Promise<StoreState> {
  const answer = asked.then(
    (): StoreState => 'ok',
    (error: unknown): StoreState => {
      reportTrouble(error)
      return 'unreachable'
    },
  )
  return Promise.race([answer, sleep<StoreState>(PATIENCE_MS, 'unreachable', { ref: false })])
}
