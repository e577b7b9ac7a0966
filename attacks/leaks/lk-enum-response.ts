import { defineAttack, type Exchange, type Handset, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { firstPassword, newPassword, passwordLogin } from '../kit/account.ts'
import { type Answer, answerOf } from '../kit/answer-shape.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'

type Way = { way: string; known: Answer[]; unknown: Answer[] }
type Observation = { ready: boolean; ways: Way[] }

/** Numbers of each class: what tells two classes apart must not differ within one. */
const EACH = 2

export default defineAttack<Observation>({
  meta: {
    id: 'lk-enum-response',
    family: 'leaks',
    title: 'Whether a number has an account',
    about:
      'Asks for numbers with and without an account by every way that is open to strangers: a wrong password, a code, a reset with a wrong code. Answers that differ in status, form, words or headers tell a stranger who is a customer here.',
    severity: 'medium',
    cwe: [204],
    asvs: ['6.3.8'],
    api2023: ['API2'],
    has: 'a list of numbers',
    needs: ['oneTap', 'me'],
    notices: ['uniform-answers=enum-message'],
  },

  async observe(lab) {
    const asks = waysIn(lab)
    if (asks.length === 0) return { notApplicable: 'the target has no way in that a number alone could be asked by' }
    const ways: Way[] = []
    let ready = true
    for (const [way, ask] of asks) {
      // Numbers of their own for each way: one gets a code a minute.
      const made: Way = { way, known: [], unknown: [] }
      for (let i = 0; i < EACH; i++) {
        const phone = await lab.handset()
        ready &&= await hasAccount(lab, phone)
        made.known.push(answerOf(lab, await ask(phone.sim.msisdn)))
        made.unknown.push(answerOf(lab, await ask((await lab.handset()).sim.msisdn)))
      }
      ways.push(made)
    }
    return { ready, ways }
  },

  judge({ ready, ways }): Judgement {
    const apart = ways.filter(
      ({ known, unknown }) => isUniform(known) && isUniform(unknown) && known[0]?.shape !== unknown[0]?.shape,
    )
    const [first] = apart.filter(({ known, unknown }) => [...known, ...unknown].every(({ clear }) => clear))
    if (ready && first !== undefined)
      return fail(
        `A number with an account is answered differently from one without (${first.way}).`,
        'disclosure',
        'The answers agree within each class and differ between the two.',
        {
          exchanges: [...first.known, ...first.unknown].map(({ exchange }) => exchange),
          expected: 'one answer for both',
          observed: `${first.known[0]?.status ?? 0} with an account, ${first.unknown[0]?.status ?? 0} without, or other words`,
        },
      )
    if (!ready) return inconclusive('The numbers that were to have an account could not all get one.')
    const doubtful = ways.filter(({ known, unknown }) => [...known, ...unknown].some(({ clear }) => !clear))
    if (doubtful.length > 0)
      return inconclusive(`Some answers were those of a limiter or an outage (${doubtful.map(({ way }) => way).join(', ')}).`)
    const restless = ways.filter(({ known, unknown }) => !isUniform(known) || !isUniform(unknown))
    if (restless.length > 0)
      return inconclusive(
        `Answers differ by themselves (${restless.map(({ way }) => way).join(', ')}), so classes cannot be compared.`,
      )
    return pass(`Numbers with and without an account got the same answer (${ways.map(({ way }) => way).join(', ')}).`)
  },
})

function isUniform(answers: readonly Answer[]): boolean {
  return answers.every(({ shape }) => shape === answers[0]?.shape)
}

type Ask = (number: string) => Promise<Exchange>

function waysIn(lab: Lab): [string, Ask][] {
  const ways: [string, Ask][] = []
  if (lab.has('passwordLogin'))
    ways.push(['wrong password', number => lab.send('passwordLogin', { identifier: number, password: newPassword(lab) })])
  if (lab.has('smsSend')) {
    ways.push(['code for login', number => lab.send('smsSend', { number, purpose: 'login' })])
    if (lab.has('passwordReset')) ways.push(['code for a reset', number => lab.send('smsSend', { number, purpose: 'reset' })])
  }
  if (lab.has('passwordReset')) {
    const code = '000000'
    ways.push(['reset with a wrong code', number => lab.send('passwordReset', { number, code, newPassword: newPassword(lab) })])
  }
  return ways
}

/** Makes the account, with a password where there are passwords: the right one must work. */
async function hasAccount(lab: Lab, phone: Handset): Promise<boolean> {
  const { account, credential } = await signIn(lab, phone)
  if (account === null || credential === null) return false
  if (!lab.has('passwordChange') || !lab.has('passwordLogin')) return true
  const password = newPassword(lab)
  await firstPassword(lab, phone, credential, password)
  return (await passwordLogin(lab, phone.sim.msisdn, password)).account === account
}
