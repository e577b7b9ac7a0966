import { defineScenario, type Flow } from '../src/contract/flow.ts'
import { NO_NONCE, oneTapStep } from './login-steps.ts'

/** The token exchange and nothing else: what a carrier's token costs the backend. */
export default defineScenario({
  id: 'exchange',
  about: 'The one-tap exchange alone: a nonce where the target asks for one, then the login. No request follows.',
  needs: ['oneTap'],
  exchange: 'oneTap',
  *flow(visit): Flow {
    const fetched = visit.has('nonce') ? yield { op: 'nonce', input: {} } : NO_NONCE
    if (fetched.kind === 'granted') yield oneTapStep(visit, fetched.nonce)
  },
})
