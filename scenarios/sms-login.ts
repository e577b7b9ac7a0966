import { defineScenario, type Flow } from '../src/contract/flow.ts'
import { firstScreen } from './login-steps.ts'

/** Without a carrier's token: a code by text message. A number gets one code a minute, so each visit is by somebody else. */
export default defineScenario({
  id: 'sms-login',
  about: 'Has a code sent, reads it on the phone and logs in with it. Mind the target’s own limits on messages.',
  needs: ['smsSend', 'smsLogin'],
  exchange: 'smsLogin',
  asksPhone: true,
  *flow(visit): Flow {
    const number = visit.person().msisdn
    const sent = yield { op: 'smsSend', input: { number, purpose: 'login' } }
    if (sent.kind !== 'granted') return
    const read = yield { op: 'readSms', input: { number } }
    if (read.kind !== 'granted' || read.phone?.smsCode === undefined) return
    const login = yield { op: 'smsLogin', input: { number, code: read.phone.smsCode } }
    if (login.kind === 'granted') yield* firstScreen(visit, login.credential)
  },
})
