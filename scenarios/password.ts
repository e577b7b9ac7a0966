import { defineScenario, type Flow, type Visit } from '../src/contract/flow.ts'
import { firstScreen, freshNonce, oneTapLogin } from './login-steps.ts'

/** The password a known person sets and types; long and mixed enough for any rule about passwords. */
export function passwordOf(visit: Visit): string {
  return `Honest-${visit.person().msisdn}-Aa7`
}

/** Gives a person an account by one tap, and the account its first password, with a second proof of the phone where tickets are asked for. */
export function* setPassword(visit: Visit): Flow {
  const login = yield* oneTapLogin(visit)
  if (login === undefined) return
  const { credential } = login
  let ticket: string | undefined
  if (visit.has('reauth')) {
    const fetched = yield* freshNonce(visit, 'reauth')
    const { carrier, appId } = visit
    const { tokenIndex: _, ...second } = visit.secondToken('login')
    const proof = { kind: 'one-tap', carrier, appId, nonce: fetched?.nonce, ...second } as const
    const proved = yield { op: 'reauth', input: { credential, proof } }
    if (proved.kind === 'granted') ticket = proved.ticket
  }
  const common = { credential, newPassword: passwordOf(visit) }
  yield { op: 'passwordChange', input: ticket === undefined ? common : { ...common, ticket } }
}

/** Number and password, by people who set one before. */
export function* passwordLogin(visit: Visit): Flow {
  const login = yield { op: 'passwordLogin', input: { identifier: visit.person().msisdn, password: passwordOf(visit) } }
  if (login.kind === 'granted') yield* firstScreen(visit, login.credential)
}

export default defineScenario({
  id: 'password',
  about: 'Returning users log in by number and password; their accounts are made before the load.',
  needs: ['oneTap', 'passwordChange', 'passwordLogin'],
  exchange: 'passwordLogin',
  people: 'known',
  prepare: setPassword,
  flow: passwordLogin,
})
