import { defineScenario, type Flow } from '../src/contract/flow.ts'
import { firstScreen, oneTapLogin } from './login-steps.ts'

/** The whole way of a user: the carrier's page shows the masked number, the user agrees, the carrier hands out the token, the app logs in. */
export default defineScenario({
  id: 'journey',
  about:
    'The whole journey: masked number and token from the carrier as a phone gets them, then nonce, login and the first screen.',
  needs: ['oneTap'],
  exchange: 'oneTap',
  asksPhone: true,
  *flow(visit): Flow {
    const { carrier, appId, index, issuedAtMs } = visit
    const phone = { carrier, appId, imsi: visit.person().imsi }
    const mask = yield { op: 'prefetchMask', input: phone }
    if (mask.kind !== 'granted') return
    const agreed = yield { op: 'authorize', input: { ...phone, purpose: 'login', tokenIndex: index, issuedAtMs } }
    if (agreed.kind !== 'granted' || agreed.phone?.token === undefined) return
    const { token, authCode } = agreed.phone
    const login = yield* oneTapLogin({ ...visit, token, ...(authCode === undefined ? {} : { authCode }) })
    yield* firstScreen(visit, login?.credential)
  },
})
