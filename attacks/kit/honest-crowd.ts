import type { Exchange, Lab } from '../../src/contract/lab.ts'
import { quantileOf } from './quantiles.ts'
import { loginWith } from './tokens.ts'

/** Honest logins beside a share of enemies. Plain JSON. */
export type Level = {
  enemyShare: number
  sent: number
  granted: number
  tookMs: number
  p50Ms: number | null
  p99Ms: number | null
}

const HONEST = 40
const AT_ONCE = 4

/**
 * Honest logins, four at a time, while enemies send so many requests that they are `enemyShare` (0 to below 1) of all; both ends
 * together. Tokens and nonces are fetched as users would, within the time that is measured.
 */
export async function crowdAmong(lab: Lab, enemyShare: number, enemy: () => Promise<unknown>): Promise<Level> {
  const enemies = Math.round((HONEST * enemyShare) / (1 - enemyShare))
  const began = lab.elapsedMs()
  let hostile = 0
  const done: Exchange[] = []
  let begun = 0
  const honest = async (): Promise<void> => {
    while (begun++ < HONEST) done.push(await honestLogin(lab))
  }
  const attack = async (): Promise<void> => {
    while (hostile++ < enemies) await enemy()
  }
  const wide = Math.round((AT_ONCE * enemyShare) / (1 - enemyShare))
  await Promise.all([...Array.from({ length: AT_ONCE }, honest), ...Array.from({ length: wide }, attack)])
  const granted = done.filter(({ reading }) => reading.kind === 'granted')
  const times = granted.map(({ durationMs }) => durationMs)
  return {
    enemyShare: enemies / (enemies + HONEST),
    sent: done.length,
    granted: granted.length,
    tookMs: lab.elapsedMs() - began,
    p50Ms: quantileOf(times, 0.5),
    p99Ms: quantileOf(times, 0.99),
  }
}

async function honestLogin(lab: Lab): Promise<Exchange> {
  const issued = await (await lab.handset()).authorize()
  // A nonce that is refused is a login that failed, not trouble of ours.
  const { id, status, reading, op, durationMs } = await lab.send('nonce', {})
  if (reading.kind !== 'granted') return { id, status, reading, op, durationMs }
  return lab.oneTap(loginWith(issued, reading.nonce))
}
