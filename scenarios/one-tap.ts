import { defineScenario, type Flow } from '../src/contract/flow.ts'
import { firstScreen, oneTapLogin } from './login-steps.ts'

/** One-tap login as an honest app does it, and one request with the credential it got. */
export default defineScenario({
  id: 'one-tap',
  about: 'Fetches a nonce, logs in with a fresh carrier token and asks whose account it is. Steps the target lacks are left out.',
  needs: ['oneTap'],
  exchange: 'oneTap',
  *flow(visit): Flow {
    const login = yield* oneTapLogin(visit)
    yield* firstScreen(visit, login?.credential)
  },
})
