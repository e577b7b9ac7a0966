import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { codeFor, newPassword, passwordLogin, smsLogin } from '../kit/account.ts'
import { isRefusal } from '../kit/attempt.ts'
import { count, fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'
import { withFields } from '../kit/tamper.ts'

type Tried = { variant: string; victim: string | null; login: Login }
type Observation = { honest: { account: string | null; login: Login } | null; tried: Tried[] }

export default defineAttack<Observation>({
  meta: {
    id: 'at-otp-cross-number',
    family: 'account-takeover',
    title: "Code of an own number with somebody else's",
    about:
      "Has a code sent to an own phone and presents it with the victim's number, alone, in lists of both, and for a password reset. Success means that codes are looked up by themselves: one honest message opens every account.",
    severity: 'critical',
    cwe: [287, 639],
    asvs: ['6.6.2'],
    api2023: ['API2'],
    has: "an own phone; the victim's number",
    needs: ['oneTap', 'me', 'smsSend', 'smsLogin'],
    notices: ['code-vault=code-not-bound'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const owner = await signIn(lab, phone)
    const { code } = await codeFor(lab, phone.sim.msisdn)
    if (code === undefined) return { honest: null, tried: [] }
    const honest = { account: owner.account, login: loginOf(await smsLogin(lab, phone.sim.msisdn, code)) }
    const tried: Tried[] = []
    for (const variant of VARIANTS) {
      const made = await attempt(lab, variant)
      if (made !== undefined) tried.push(made)
    }
    return { honest, tried }
  },

  judge({ honest, tried }): Judgement {
    if (honest === null || honest.login.account === null || tried.length === 0)
      return inconclusive('No honest login by code succeeded.')
    const taken = tried.filter(({ victim, login }) => victim !== null && login.account === victim)
    const [first] = taken
    if (first !== undefined)
      return fail(
        `A code sent to the attacker's phone opened the victim's account (${first.variant}).`,
        'account-exposed',
        "A login with the victim's number and the attacker's code leads to the victim's account.",
        {
          exchanges: taken.map(({ login }) => login.exchange),
          expected: 'a code is good for the number it was sent to',
          observed: `${taken.length} of ${tried.length} attempts reached the victim`,
        },
      )
    const unclear = tried.filter(({ victim, login }) => victim === null || (login.account === null && !isRefusal(login)))
    if (unclear.length > 0)
      return inconclusive(
        `${count(unclear.length, 'attempt')} got no clear answer (${unclear.map(({ variant }) => variant).join(', ')}).`,
      )
    return pass(
      `A code sent to the attacker's phone opened no other number's account, ${tried.length} ways; its own number logged in by code.`,
    )
  },
})

type Variant =
  | 'no code under way to the victim'
  | 'a code under way to both'
  | 'both numbers in a list'
  | 'own number beside it'
  | 'password reset'
const VARIANTS: readonly Variant[] = [
  'no code under way to the victim',
  'a code under way to both',
  'both numbers in a list',
  'own number beside it',
  'password reset',
]

/** Undefined where the target lacks what the variant needs, or no code came. */
async function attempt(lab: Lab, variant: Variant): Promise<Tried | undefined> {
  // Numbers of their own each: one gets a code a minute.
  const victimPhone = await lab.handset()
  const { account: victim } = await signIn(lab, victimPhone)
  const own = (await lab.handset()).sim.msisdn
  const number = victimPhone.sim.msisdn
  const reset = variant === 'password reset'
  if (reset && !(lab.has('passwordReset') && lab.has('passwordLogin'))) return undefined
  const { code } = await codeFor(lab, own, reset ? 'reset' : 'login')
  if (code === undefined) return undefined
  if (variant === 'a code under way to both') await codeFor(lab, number)
  if (reset) {
    const password = newPassword(lab)
    await lab.send('passwordReset', { number, code, newPassword: password })
    return { variant, victim, login: loginOf(await passwordLogin(lab, number, password)) }
  }
  const said: Json = variant === 'both numbers in a list' ? [own, number] : number
  if (variant !== 'own number beside it') return { variant, victim, login: loginOf(await smsLogin(lab, said, code)) }
  const { id, status, reading, ...rest } = await lab.send(
    'smsLogin',
    { number, code },
    withFields({ phone: own, mobile: own, sentTo: own, numbers: [own] }),
  )
  const got = await lab.possess({ id, status, reading, ...rest })
  return { variant, victim, login: { exchange: id, status, reading: reading.kind, account: got?.account ?? null } }
}
