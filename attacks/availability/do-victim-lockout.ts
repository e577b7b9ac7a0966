import { defineAttack, type Handset, type Judgement, type Lab, type Tamper } from '../../src/contract/attack.ts'
import { firstPassword, newPassword, type Step, stepOf } from '../kit/account.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'

type Observation = {
  victim: Login
  /** The attacker's failures in the victim's name, by what failed. */
  failures: { way: string; steps: Step[] }[]
  /** The victim's next login, by the own phone from the own address, and a stranger's at the same moment. */
  again: Login | null
  stranger: Login | null
}

/** Fewer than any limit on guesses that a person would not meet, more than any number of mistakes a person makes. */
const WRONG_PASSWORDS = 12
const WRONG_CODES = 8
const CODES_SENT = 3
const GUESSES_FROM = 310_000
const TRIES = 3
const PAUSE_MS = 300

export default defineAttack<Observation>({
  meta: {
    id: 'do-victim-lockout',
    family: 'availability',
    title: 'Victim shut out by an attacker’s failures',
    about:
      'Fails on purpose in a victim’s name, from an address of its own: wrong passwords, wrong codes, codes sent to use up the quota. If the victim then cannot come in by the own phone, anybody who knows a number can take its account away for a day.',
    severity: 'medium',
    cwe: [645],
    asvs: ['6.1.1', '6.3.1'],
    api2023: ['API2', 'API4'],
    has: "the victim's number",
    needs: ['oneTap', 'me', 'passwordLogin'],
    notices: ['lockout=lock-by-victim'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const { msisdn } = phone.sim
    const victim = await signIn(lab, phone)
    if (victim.credential === null) return { victim: loginOf(victim), failures: [], again: null, stranger: null }
    if (lab.has('passwordChange')) await firstPassword(lab, phone, victim.credential, newPassword(lab))
    const from = await lab.elsewhere()
    const failures = await failInTheNameOf(lab, msisdn, request => (from === undefined ? request : { ...request, from }))
    const again = await comesIn(lab, phone)
    const stranger = loginOf(await signIn(lab, await lab.handset()))
    return { victim: loginOf(victim), failures, again, stranger }
  },

  judge({ victim, failures, again, stranger }): Judgement {
    if (victim.account === null || again === null || stranger === null)
      return inconclusive('The victim could not log in before anything was tried.')
    const ways = failures.map(({ way }) => way).join(', ')
    const exchanges = [...failures.flatMap(({ steps }) => steps.slice(-1).map(({ exchange }) => exchange)), again.exchange]
    if (again.account !== null && again.account !== victim.account)
      return inconclusive('The victim’s next login led to another account: that is not what was looked for.')
    if (again.account === null && stranger.account === null)
      return inconclusive('The victim could not log in afterwards, but nobody else could either.')
    if (again.account === null && (isRefusal(again) || again.status === 429))
      return fail(
        `A stranger's failures (${ways}) shut the victim out of the own account.`,
        'lock-out',
        `The victim's login by the own phone was refused with status ${again.status}, a stranger's at the same moment was not.`,
        { exchanges, expected: 'the victim logs in by the own phone', observed: `refused with status ${again.status}` },
      )
    if (again.account === null) return inconclusive(`The victim's next login got no clear answer (status ${again.status}).`)
    const welcomed = failures.filter(({ steps }) => steps.some(({ reading }) => reading === 'granted'))
    if (welcomed.some(({ way }) => way !== 'codes sent'))
      return inconclusive(`What was to fail was granted (${welcomed.map(({ way }) => way).join(', ')}).`)
    return pass(`After a stranger's failures (${ways}) the victim logged in by the own phone as ever.`)
  },
})

/** `signIn` tries thrice within half a second; the window of a limiter that speaks to everybody may be longer. */
async function comesIn(lab: Lab, phone: Handset): Promise<Login> {
  let last = loginOf(await signIn(lab, phone))
  for (let tries = 1; tries < TRIES && last.account === null; tries++) {
    await lab.eventually(async () => false, PAUSE_MS)
    last = loginOf(await signIn(lab, phone))
  }
  return last
}

async function failInTheNameOf(lab: Lab, number: string, tamper: Tamper): Promise<Observation['failures']> {
  const passwords: Step[] = []
  for (let i = 0; i < WRONG_PASSWORDS; i++)
    passwords.push(stepOf(await lab.send('passwordLogin', { identifier: number, password: newPassword(lab) }, tamper)))
  const failures = [{ way: 'wrong passwords', steps: passwords }]
  if (!lab.has('smsSend') || !lab.has('smsLogin')) return failures
  const sent: Step[] = []
  for (let i = 0; i < CODES_SENT; i++) sent.push(stepOf(await lab.send('smsSend', { number, purpose: 'login' }, tamper)))
  const genuine = new Set(await sentCodes(lab, number))
  const codes: Step[] = []
  for (let guess = 0; codes.length < WRONG_CODES; guess++) {
    const code = String(GUESSES_FROM + guess)
    if (!genuine.has(code)) codes.push(stepOf(await lab.send('smsLogin', { number, code }, tamper)))
  }
  return [...failures, { way: 'codes sent', steps: sent }, { way: 'wrong codes', steps: codes }]
}

/** A lucky guess would be no failure. */
async function sentCodes(lab: Lab, number: string): Promise<string[]> {
  if (!lab.providers.includes('sms-gateway')) return []
  return (await lab.messages(number)).flatMap(({ params }) => Object.values(params))
}
