import { defineScenario, type Flow } from '../src/contract/flow.ts'
import { freshNonce, oneTapLogin } from './login-steps.ts'

/** Somebody who is logged in has their own number confirmed by the carrier, for instance before a payment. China Mobile documents it as its own service. */
export default defineScenario({
  id: 'number-verification',
  about:
    'Logs in, then has the carrier confirm that the typed number is the phone’s own, by a token for that purpose. China Mobile’s users only.',
  needs: ['oneTap', 'verifyNumber'],
  exchange: 'verifyNumber',
  carriers: ['china-mobile'],
  *flow(visit): Flow {
    const login = yield* oneTapLogin(visit)
    if (login === undefined) return
    const fetched = yield* freshNonce(visit, 'verify')
    if (fetched === undefined) return
    const { carrier, appId } = visit
    const { token } = visit.secondToken('verify')
    const { msisdn } = visit.person()
    yield {
      op: 'verifyNumber',
      input: { carrier, appId, token, nonce: fetched.nonce, credential: login.credential, number: msisdn },
    }
  },
})
