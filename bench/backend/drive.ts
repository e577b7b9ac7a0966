import { Pool } from 'undici'
import rest from '../../onetap.target.ts'
import type { MocksReady } from '../../src/contract/journal.ts'
import { visitMaker } from '../../src/contract/visit.ts'

export interface Driven {
  logins: number
  /** Logins that made an account. */
  created: number
  seconds: number
  /** Of whole logins, nonce included, sorted. */
  timesMs: number[]
}

/** Of the mocks whose tokens are minted here. */
export const SEED = 1

/** The next token's index, over all drives: none is spent twice. */
let nextIndex = 0

/** So many clients that log in, one login after the other, for so long. Throws when a login is not granted. */
export async function drive(
  url: string,
  mocks: MocksReady,
  subscribers: number,
  clients: number,
  seconds: number,
): Promise<Driven> {
  const visit = visitMaker({ seed: SEED, subscribers, providers: mocks.providers, operations: ['nonce', 'oneTap'] })
  const pool = new Pool(url, { connections: clients, pipelining: 1 })
  const beganMs = performance.now()
  const endsMs = beganMs + seconds * 1000
  const driven: Driven = { logins: 0, created: 0, seconds: 0, timesMs: [] }
  const post = async (path: string, body: string): Promise<{ status: number; body: string; headers: Record<string, never> }> => {
    const reply = await pool.request({ method: 'POST', path, headers: { 'content-type': 'application/json' }, body })
    return { status: reply.statusCode, body: await reply.body.text(), headers: {} }
  }
  const client = async (): Promise<void> => {
    while (performance.now() < endsMs) {
      const sinceMs = performance.now()
      const nonce = rest.operations.nonce?.read(await post('/v1/nonce', '{}'))
      const { carrier, token, authCode, appId } = visit(nextIndex++, Date.now())
      const fields = { carrier, token, authCode, appId, nonce: nonce?.kind === 'granted' ? nonce.nonce : undefined }
      const login = rest.operations.oneTap?.read(await post('/v1/login/one-tap', JSON.stringify(fields)))
      if (login?.kind !== 'granted') throw new Error(`a login was not granted: ${JSON.stringify(login)}`)
      driven.timesMs.push(performance.now() - sinceMs)
      driven.logins++
      if (login.created === true) driven.created++
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  await pool.close()
  driven.seconds = (performance.now() - beganMs) / 1000
  driven.timesMs.sort((a, b) => a - b)
  return driven
}
