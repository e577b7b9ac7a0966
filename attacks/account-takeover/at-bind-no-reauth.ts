import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { bindWith, newPassword, passwordLogin, phoneProof, plainly, type Step, stepOf } from '../kit/account.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'

type Change = { what: 'number' | 'password'; step: Step; login: Login }
type Observation = {
  owner: string | null
  /** A number bound by the owner, who proved once more who they are. */
  honest: Login | null
  /** What a thief with nothing but the session did, and where the thief's own login then leads. */
  stolen: Change[]
}

export default defineAttack<Observation>({
  meta: {
    id: 'at-bind-no-reauth',
    family: 'account-takeover',
    title: 'Account kept with nothing but a session',
    about:
      'Takes a session and, without proving anything more, binds an own number to its account and sets a password. Success means that a phone left on a table for a minute, or a session stolen once, is the account lost for good.',
    severity: 'high',
    cwe: [306, 620],
    asvs: ['7.5.1', '6.2.3', '6.3.7'],
    api2023: ['API2'],
    has: "a copy of the victim's session, and an own phone",
    needs: ['oneTap', 'me', 'bind'],
    notices: ['reauth-required=no-reauth'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const owner = await signIn(lab, phone)
    const { credential } = owner
    if (credential === null) return { owner: null, honest: null, stolen: [] }
    const second = await lab.handset()
    await bindWith(lab, phone, credential, () => phoneProof(lab, second, 'bind'))
    const honest = loginOf(await signIn(lab, second))

    const thief = await lab.handset()
    const bound = await plainly(lab, async () => lab.send('bind', { credential, identity: await phoneProof(lab, thief, 'bind') }))
    const stolen: Change[] = [{ what: 'number', step: stepOf(bound), login: loginOf(await signIn(lab, thief)) }]
    if (lab.has('passwordChange') && lab.has('passwordLogin')) {
      const password = newPassword(lab)
      const step = stepOf(await plainly(lab, () => lab.send('passwordChange', { credential, newPassword: password })))
      stolen.push({ what: 'password', step, login: loginOf(await passwordLogin(lab, phone.sim.msisdn, password)) })
    }
    return { owner: owner.account, honest, stolen }
  },

  judge({ owner, honest, stolen }): Judgement {
    if (owner === null || honest === null) return inconclusive('The victim could not log in.')
    const kept = stolen.filter(({ login }) => login.account === owner)
    const [first] = kept
    if (first !== undefined)
      return fail(
        `With nothing but a session the account was given another way in (${kept.map(({ what }) => what).join(', ')}).`,
        'account-exposed',
        `The thief's own login, by a ${first.what} set with the session alone, opens the victim's account.`,
        {
          exchanges: kept.flatMap(({ step, login }) => [step.exchange, login.exchange]),
          expected: 'a fresh proof of who it is is asked for',
          observed: 'the change was made',
        },
      )
    if (honest.account !== owner)
      return inconclusive('With a fresh proof no number could be bound either, so that without one none was shows nothing.')
    const unclear = stolen.filter(({ step, login }) => !isRefusal(step) || (login.account === null && !isRefusal(login)))
    if (unclear.length > 0)
      return inconclusive(`Not every change was plainly refused (${unclear.map(({ what }) => what).join(', ')}).`)
    return pass(
      `Without a fresh proof the account took no new ${stolen.map(({ what }) => what).join(' and no new ')}; with one it did.`,
    )
  },
})
