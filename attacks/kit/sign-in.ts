import type { Exchange, Handset, Lab } from '../../src/contract/attack.ts'
import type { Reading } from '../../src/contract/target.ts'
import { isRefusal } from './attempt.ts'

/** An honest login and where it led. `credential` must not enter an observation. */
export interface SignedIn {
  exchange: number
  status: number
  reading: Reading['kind']
  account: string | null
  credential: string | null
}

const TRIES = 3
const PAUSE_MS = 250

/** Logs in honestly and proves it on `me`. */
export function signIn(lab: Lab, handset: Handset): Promise<SignedIn> {
  return enter(lab, () => lab.login(handset))
}

/** A login by any way, proved on `me`; tried up to three times unless plainly refused, for limiters and honest 503s. */
export async function enter(lab: Lab, send: () => Promise<Exchange>): Promise<SignedIn> {
  for (let tries = 1; ; tries++) {
    const exchange = await send()
    const got = await lab.possess(exchange)
    const { id, status, reading } = exchange
    const result = {
      exchange: id,
      status,
      reading: reading.kind,
      account: got?.account ?? null,
      credential: got?.credential ?? null,
    }
    if (got !== undefined || isRefusal(result) || tries === TRIES) return result
    await lab.eventually(async () => false, PAUSE_MS)
  }
}

/** The part of a sign-in that observations keep. */
export type Login = { exchange: number; status: number; reading: Reading['kind']; account: string | null }

export function loginOf({ exchange, status, reading, account }: SignedIn): Login {
  return { exchange, status, reading, account }
}

/** What a credential does now. `unclear`: no reply, 429 or 5xx. */
export type SessionState = { exchange: number; state: 'alive' | 'dead' | 'unclear'; account: string | null }

export async function sessionState(lab: Lab, credential: string): Promise<SessionState> {
  const { id, status, reading } = await lab.me({ credential })
  if (reading.kind === 'granted' && reading.account !== undefined)
    return { exchange: id, state: 'alive', account: reading.account }
  return { exchange: id, state: isRefusal({ reading: reading.kind, status }) ? 'dead' : 'unclear', account: null }
}

/** Waits until the session is dead, at most `withinMs`; returns its last state. */
export async function waitForEnd(lab: Lab, credential: string, withinMs: number): Promise<SessionState> {
  let last = await sessionState(lab, credential)
  if (last.state === 'dead') return last
  await lab.eventually(async () => {
    last = await sessionState(lab, credential)
    return last.state === 'dead'
  }, withinMs)
  return last
}
