import { defineScenario, type Flow, type Visit } from '../src/contract/flow.ts'
import { mixPair, saltOf } from '../src/contract/rng.ts'
import journey from './journey.ts'
import oneTap from './one-tap.ts'
import { passwordLogin, setPassword } from './password.ts'
import smsLogin from './sms-login.ts'
import thirdParty from './third-party.ts'

interface Way {
  weight: number
  /** Whether this visit can go this way. */
  open(visit: Visit): boolean
  walk(visit: Visit): Flow
}

/**
 * How people log in on a weekday morning. The weights are ours: one tap is the default of the apps this is about, the rest is for
 * who has no mobile data, no SIM card of a served carrier, or an older habit. A way that is closed to a visit leaves it to one tap.
 */
const WAYS: readonly Way[] = [
  { weight: 76, open: () => true, walk: oneTap.flow },
  { weight: 6, open: () => true, walk: journey.flow },
  // A number gets one code a minute, so only strangers, who come once, ask for one.
  { weight: 6, open: visit => visit.known === undefined && visit.has('smsSend') && visit.has('smsLogin'), walk: smsLogin.flow },
  { weight: 8, open: visit => visit.known !== undefined && hasPasswords(visit), walk: passwordLogin },
  { weight: 4, open: visit => visit.has('thirdPartyLogin'), walk: thirdParty.flow },
]
const TOTAL = WAYS.reduce((sum, way) => sum + way.weight, 0)
const SALT = saltOf('way of a morning login')

export default defineScenario({
  id: 'morning-peak',
  about:
    'A weekday morning: mostly one tap, some whole journeys, texts, passwords and third-party logins; returning users among them.',
  needs: ['oneTap'],
  exchange: 'oneTap',
  otherLogins: ['smsLogin', 'passwordLogin', 'thirdPartyLogin'],
  asksPhone: true,
  people: 'mixed',
  prepare: visit => (hasPasswords(visit) ? setPassword(visit) : oneTap.flow(visit)),
  flow: visit => wayOf(visit).walk(visit),
})

function wayOf(visit: Visit): Way {
  let left = mixPair(SALT, visit.index) % TOTAL
  const drawn = WAYS.find(way => {
    left -= way.weight
    return left < 0
  })
  const [oneTapWay] = WAYS
  if (drawn?.open(visit) === true) return drawn
  if (oneTapWay === undefined) throw new Error('there is no way to log in')
  return oneTapWay
}

function hasPasswords(visit: Visit): boolean {
  return visit.has('passwordLogin') && visit.has('passwordChange')
}
