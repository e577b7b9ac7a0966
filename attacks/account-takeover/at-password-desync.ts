import { defineAttack, type Handset, type Judgement, type Lab } from '../../src/contract/attack.ts'
import {
  bindWith,
  codeFor,
  firstPassword,
  newPassword,
  passwordLogin,
  phoneProof,
  plainly,
  type Step,
  stepOf,
} from '../kit/account.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'

type Change = {
  how: 'change' | 'reset'
  step: Step
  /** The password from before by each identifier, and the new one. */
  old: Login[]
  fresh: Login[]
}
type Observation = { account: string | null; first: Login[]; changes: Change[] }

export default defineAttack<Observation>({
  meta: {
    id: 'at-password-desync',
    family: 'account-takeover',
    title: 'Old password by another identifier',
    about:
      'An account has two identifiers and a password. The password is changed, then reset, by one of them, and the old one is tried by both. Success means that the password lies beside each identifier: whoever knows the old one is still in after the owner has changed it.',
    severity: 'high',
    cwe: [287, 613],
    asvs: ['6.1.3', '6.3.4'],
    api2023: ['API2'],
    has: "the victim's old password",
    needs: ['oneTap', 'me', 'bind', 'passwordLogin', 'passwordChange'],
    notices: ['one-password=password-per-row'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const second = await lab.handset()
    const own = await signIn(lab, phone)
    const nothing: Observation = { account: own.account, first: [], changes: [] }
    const { credential } = own
    if (credential === null) return nothing
    const bound = await bindWith(lab, phone, credential, () => phoneProof(lab, second, 'bind'))
    if (bound.reading.kind === 'refused') return { notApplicable: 'an account of this target takes no second number' }
    const numbers = [phone.sim.msisdn, second.sim.msisdn]
    const original = newPassword(lab)
    await firstPassword(lab, phone, credential, original)
    const first = await loginsBy(lab, numbers, original)
    if (first.some(({ account }) => account !== own.account)) return { ...nothing, first }

    const changed = newPassword(lab)
    const change = stepOf(
      await plainly(lab, () => lab.send('passwordChange', { credential, newPassword: changed, oldPassword: original })),
    )
    const changes: Change[] = [await after(lab, 'change', change, numbers, original, changed)]
    const reset = await resetBy(lab, second)
    if (reset !== undefined) changes.push(await after(lab, 'reset', reset.step, numbers, changed, reset.password))
    return { ...nothing, first, changes }
  },

  judge({ account, first, changes }): Judgement {
    if (account === null || first.length === 0) return inconclusive('The account could not be made ready.')
    if (first.some(login => login.account !== account))
      return inconclusive('The password did not log in by both identifiers to begin with.')
    const done = changes.filter(({ step }) => step.reading === 'granted')
    const stale = done.flatMap(({ how, old }) => old.filter(login => login.account !== null).map(login => ({ how, ...login })))
    const [found] = stale
    if (found !== undefined)
      return fail(
        `The old password still logged in after a ${found.how}.`,
        'credential',
        'A login with the password from before opens the account.',
        {
          exchanges: stale.map(({ exchange }) => exchange),
          expected: 'refused by every identifier',
          observed: `${stale.length} of ${done.length * first.length} logins with an old password worked`,
        },
      )
    if (done.length === 0) return inconclusive(`The password could not be changed (status ${changes[0]?.step.status ?? 0}).`)
    if (done.some(({ fresh }) => fresh.some(login => login.account !== account)))
      return inconclusive('The old password was refused everywhere, but the new one does not log in everywhere either.')
    if (done.some(({ old }) => old.some(login => !isRefusal(login))))
      return inconclusive('A login with the old password got no clear answer.')
    return pass(
      `After a ${done.map(({ how }) => how).join(' and a ')} the old password was refused by both identifiers and the new one worked by both.`,
    )
  },
})

async function loginsBy(lab: Lab, numbers: readonly string[], password: string): Promise<Login[]> {
  const logins: Login[] = []
  for (const number of numbers) logins.push(loginOf(await passwordLogin(lab, number, password)))
  return logins
}

async function after(
  lab: Lab,
  how: Change['how'],
  step: Step,
  numbers: readonly string[],
  oldPassword: string,
  password: string,
): Promise<Change> {
  const old = await loginsBy(lab, numbers, oldPassword)
  return { how, step, old, fresh: await loginsBy(lab, numbers, password) }
}

/** Resets the password by a code to a phone; undefined where there is no such way. */
async function resetBy(lab: Lab, phone: Handset): Promise<{ step: Step; password: string } | undefined> {
  if (!lab.has('smsSend') || !lab.has('passwordReset')) return undefined
  const { code } = await codeFor(lab, phone.sim.msisdn, 'reset')
  if (code === undefined) return undefined
  const password = newPassword(lab)
  const input = { number: phone.sim.msisdn, code, newPassword: password }
  return { step: stepOf(await lab.send('passwordReset', input)), password }
}
