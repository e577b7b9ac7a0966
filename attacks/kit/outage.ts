import type { Handset, Lab } from '../../src/contract/attack.ts'
import type { FaultRule } from '../../src/contract/fault.ts'
import type { MockBehaviour } from '../../src/contract/journal.ts'
import { type Attempt, attemptOf } from './attempt.ts'
import { carriersOf } from './carriers-of.ts'
import { signIn } from './sign-in.ts'
import { loginWith } from './tokens.ts'

/** One login while the carrier is in trouble: sent once, for an answer that fails is an answer here. */
export type Struck = Attempt & { durationMs: number }

export async function loginOnce(lab: Lab, variant: string, phone: Handset): Promise<{ struck: Struck; token: string }> {
  const issued = await phone.authorize()
  const exchange = await lab.oneTap(loginWith(issued, await lab.nonce()))
  const got = await lab.possess(exchange)
  const { durationMs } = exchange
  return { struck: { ...attemptOf(variant, exchange, got), durationMs: Math.round(durationMs) }, token: issued.token }
}

/** Puts the carriers in trouble for the time of `work`, and waits until honest logins work again at each, at most `recoverMs`. */
export async function duringOutage<Result>(
  lab: Lab,
  trouble: Partial<MockBehaviour>,
  work: () => Promise<Result>,
  recoverMs = 10_000,
): Promise<{ result: Result; recovered: boolean }> {
  await lab.carriersBehave(trouble)
  const result = await work().finally(() => lab.carriersBehave(undefined))
  // One after the other: a backend may leave one carrier alone for longer than another.
  const out = new Set(carriersOf(lab))
  const recovered = await lab.eventually(async () => {
    for (const carrier of out) {
      if ((await signIn(lab, await lab.handset(carrier))).account === null) return false
      out.delete(carrier)
    }
    return true
  }, recoverMs)
  return { result, recovered }
}

/** Logs in once at each carrier during each of these troubles, one trouble after the other. The faults strike the run's carriers. */
export async function loginsDuring(
  lab: Lab,
  troubles: Iterable<readonly [name: string, fault: FaultRule]>,
): Promise<{ struck: Struck[]; recovered: boolean }> {
  const struck: Struck[] = []
  let recovered = true
  for (const [name, fault] of troubles) {
    const phones: Handset[] = []
    for (const carrier of carriersOf(lab)) phones.push(await lab.handset(carrier))
    const seen = await duringOutage(lab, { faults: [{ ...fault, providers: carriersOf(lab) }] }, async () => {
      const all: Struck[] = []
      for (const phone of phones) all.push((await loginOnce(lab, `${phone.sim.carrier}: ${name}`, phone)).struck)
      return all
    })
    struck.push(...seen.result)
    recovered &&= seen.recovered
  }
  return { struck, recovered }
}

/** Turned away without a credential, whatever the words: a plain no, or the honest 5xx of a backend whose carrier is down. */
export function heldFast({ account, status }: Attempt): boolean {
  return account === null && status !== 0
}
