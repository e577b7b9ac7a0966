import { defineScenario, type Flow } from '../src/contract/flow.ts'
import { oneTapLogin } from './login-steps.ts'

/** The token exchange and nothing else: what a carrier's token costs the backend. */
export default defineScenario({
  id: 'exchange',
  about: 'The one-tap exchange alone: a nonce where the target asks for one, then the login. No request follows.',
  needs: ['oneTap'],
  exchange: 'oneTap',
  *flow(visit): Flow {
    yield* oneTapLogin(visit)
  },
})
