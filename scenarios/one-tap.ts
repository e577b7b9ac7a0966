import { defineScenario, type Flow } from '../src/contract/flow.ts'

/** One-tap login as an honest app does it, and one request with the credential it got. */
export default defineScenario({
  id: 'one-tap',
  about: 'Fetches a nonce, logs in with a fresh carrier token and asks whose account it is. Steps the target lacks are left out.',
  needs: ['oneTap'],
  exchange: 'oneTap',
  *flow(visit): Flow {
    let nonce: string | undefined
    if (visit.has('nonce')) {
      const reading = yield { op: 'nonce', input: {} }
      if (reading.kind !== 'granted') return
      nonce = reading.nonce
    }
    const { carrier, token, appId, authCode } = visit
    const login = yield {
      op: 'oneTap',
      input: authCode === undefined ? { carrier, token, appId, nonce } : { carrier, token, appId, nonce, authCode },
    }
    if (login.kind !== 'granted' || login.credential === undefined || !visit.has('me')) return
    yield { op: 'me', input: { credential: login.credential } }
  },
})
