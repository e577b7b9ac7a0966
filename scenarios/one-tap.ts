import { defineScenario, type Flow } from '../src/contract/flow.ts'
import { NO_NONCE, oneTapStep } from './login-steps.ts'

/** One-tap login as an honest app does it, and one request with the credential it got. */
export default defineScenario({
  id: 'one-tap',
  about: 'Fetches a nonce, logs in with a fresh carrier token and asks whose account it is. Steps the target lacks are left out.',
  needs: ['oneTap'],
  exchange: 'oneTap',
  *flow(visit): Flow {
    const fetched = visit.has('nonce') ? yield { op: 'nonce', input: {} } : NO_NONCE
    if (fetched.kind !== 'granted') return
    const login = yield oneTapStep(visit, fetched.nonce)
    if (login.kind !== 'granted' || login.credential === undefined || !visit.has('me')) return
    yield { op: 'me', input: { credential: login.credential } }
  },
})
