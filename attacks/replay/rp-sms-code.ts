import { defineAttack, type Exchange, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { type Attempt, attemptOf, isRefusal } from '../kit/attempt.ts'
import { codeFor } from '../kit/codes.ts'
import { evidenceOf, fail, inconclusive, pass } from '../kit/judging.ts'

type Observation = {
  /** A code used, then used again. Null when no code came. */
  first: Attempt | null
  again: Attempt | null
  /** One code used many times at once, for a number of its own: who got in. */
  raced: { sent: number; winners: Attempt[]; spreadMs: number } | null
}

export default defineAttack<Observation>({
  meta: {
    id: 'rp-sms-code',
    family: 'replay',
    title: 'SMS code used twice',
    about:
      'Logs in with the code from a text message, then with the same code again; then with one code many times in the same instant. A second session means that a code seen over a shoulder is as good as the phone.',
    severity: 'high',
    cwe: [294, 613],
    asvs: ['6.5.1', '6.5.5', '6.6.2'],
    api2023: ['API2'],
    has: 'a code that was used already, or is being used right now',
    needs: ['oneTap', 'me', 'smsSend', 'smsLogin'],
    notices: ['code-vault=sms-code-reusable', 'code-vault=sms-code-no-ttl-or-racy'],
    alone: true,
  },

  async observe(lab) {
    const serial = await onePhone(lab)
    if (serial === undefined) return { first: null, again: null, raced: null }
    const first = await attempt(lab, 'first use', await lab.send('smsLogin', serial))
    const again = await attempt(lab, 'second use', await lab.send('smsLogin', serial))
    const parallel = await onePhone(lab)
    if (parallel === undefined) return { first, again, raced: null }
    const { exchanges, spreadMs } = await lab.race(
      'smsLogin',
      Array.from({ length: lab.limits.raceWidth }, () => parallel),
    )
    const winners: Attempt[] = []
    for (const exchange of exchanges) {
      const raced = await attempt(lab, 'raced', exchange)
      if (raced.account !== null) winners.push(raced)
    }
    return { first, again, raced: { sent: exchanges.length, winners, spreadMs } }
  },

  judge({ first, again, raced }): Judgement {
    if (first === null || first.account === null || again === null)
      return inconclusive('No code came, or it did not log in even once.')
    if (again.account !== null && again.session !== first.session)
      return fail(
        'A code from a text message logged in twice.',
        'second-session',
        'The second use was given a session of its own.',
        {
          ...evidenceOf([first, again]),
          expected: 'refused',
          observed: 'a second session',
        },
      )
    const sessions = new Set(raced?.winners.map(({ session }) => session))
    if (raced !== null && sessions.size > 1)
      return fail(
        `One code gave ${sessions.size} sessions in ${raced.sent} logins at once.`,
        'second-session',
        `${sessions.size} replies held different working credentials.`,
        { ...evidenceOf(raced.winners), expected: 'one winner', observed: `${sessions.size} sessions` },
      )
    if (again.account !== null || !isRefusal(again))
      return inconclusive(`The second use of a code got no plain refusal (status ${again.status}).`)
    if (raced === null || sessions.size === 0)
      return inconclusive('A used code was refused; used many times at once, it had no winner.')
    return pass(`A used code was refused, and of ${raced.sent} logins with one code at once, one got in.`)
  },
})

async function onePhone(lab: Lab): Promise<{ number: string; code: string } | undefined> {
  const { msisdn: number } = (await lab.handset()).sim
  const code = await codeFor(lab, number, 'login')
  return code === undefined ? undefined : { number, code }
}

async function attempt(lab: Lab, variant: string, exchange: Exchange): Promise<Attempt> {
  return attemptOf(variant, exchange, await lab.possess(exchange))
}
