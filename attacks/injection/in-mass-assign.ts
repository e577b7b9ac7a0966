import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { type Step, stepOf } from '../kit/account.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, sessionState, signIn } from '../kit/sign-in.ts'

type Assigned = { field: string; step: Step; owner: Login }
type Observation = {
  attacker: string | null
  /** A change of what a profile is for. */
  harmless: Step | null
  assigned: Assigned[]
  /** Whose account the session shows in the end. */
  finally: string | null
}

/** Under which names a person's number is kept. */
const NAMES = ['phone', 'mobile', 'msisdn', 'phoneNumber', 'identifier']

export default defineAttack<Observation>({
  meta: {
    id: 'in-mass-assign',
    family: 'injection',
    title: 'Fields that no form shows',
    about:
      "Changes the own profile and sends fields along that a profile page does not have: somebody else's number, an account id, verified. If the number's owner then lands in the attacker's account, the body goes into the database as it comes.",
    severity: 'high',
    cwe: [915],
    asvs: ['15.3.3'],
    api2023: ['API3'],
    has: 'an own account; the number of somebody who has not come yet',
    needs: ['oneTap', 'me', 'profileChange'],
    notices: ['profile-fields=mass-assign'],
  },

  async observe(lab) {
    const attacker = await signIn(lab, await lab.handset())
    const stranger = await signIn(lab, await lab.handset())
    const { credential } = attacker
    const nothing: Observation = { attacker: null, harmless: null, assigned: [], finally: null }
    if (credential === null || attacker.account === null || stranger.account === null) return nothing
    const change = async (fields: Readonly<Record<string, Json>>): Promise<Step> =>
      stepOf(await lab.send('profileChange', { credential, fields: { nickname: 'harmless', ...fields } }))
    const harmless = await change({})
    const assigned: Assigned[] = []
    for (const field of [...NAMES, 'all of them, and a list of identities']) {
      const owner = await lab.handset()
      const { msisdn } = owner.sim
      // Strict targets refuse what they do not know: each alone, then all at once.
      const fields = NAMES.includes(field) ? { [field]: msisdn } : everything(msisdn)
      const step = await change({ ...fields, verified: true })
      assigned.push({ field, step, owner: loginOf(await signIn(lab, owner)) })
    }
    await change({ id: stranger.account, userId: stranger.account, accountId: stranger.account, role: 'admin' })
    const { account } = await sessionState(lab, credential)
    return { attacker: attacker.account, harmless, assigned, finally: account }
  },

  judge({ attacker, harmless, assigned, finally: shown }): Judgement {
    if (attacker === null || harmless === null) return inconclusive('The logins this attack starts from did not both succeed.')
    const taken = assigned.filter(({ owner }) => owner.account === attacker)
    const [first] = taken
    if (first !== undefined)
      return fail(
        `A number sent along with a change of profile was bound (${first.field}).`,
        'account-exposed',
        "The number's owner logged in and landed in the attacker's account.",
        {
          exchanges: taken.flatMap(({ step, owner }) => [step.exchange, owner.exchange]),
          expected: 'ignored or refused',
          observed: `${taken.length} of ${assigned.length} numbers bound`,
        },
      )
    if (shown !== null && shown !== attacker)
      return fail(
        'An account id sent along with a change of profile was taken.',
        'account-exposed',
        "The attacker's session now shows another account.",
        { exchanges: [harmless.exchange], expected: 'ignored or refused', observed: 'another account' },
      )
    if (harmless.reading !== 'granted')
      return inconclusive(`A harmless change of profile did not work (status ${harmless.status}).`)
    if (shown === null || assigned.some(({ owner }) => owner.account === null))
      return inconclusive('The owner of a number that was sent along could not log in, or the session ended.')
    return pass(`Numbers and ids sent along with a change of profile meant nothing, under ${assigned.length} names.`)
  },
})

function everything(msisdn: string): Record<string, Json> {
  return {
    ...Object.fromEntries(NAMES.map(name => [name, msisdn])),
    identities: [{ type: 'phone', identifier: msisdn, verified: true }],
    identity_type: 'phone',
  }
}
