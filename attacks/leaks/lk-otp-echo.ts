import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { SmsPurpose } from '../../src/contract/target.ts'
import { codeFor, type Step } from '../kit/account.ts'
import { codeDisclosures } from '../kit/disclosure.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'

/** A code that was sent, and in which ways the reply to whoever asked for it holds it. */
type Sent = { purpose: SmsPurpose; step: Step; arrived: boolean; found: string[] }
type Observation = { sent: Sent[] }

/** By chance six digits stand in a reply once in some ten thousand; in two, of two codes, they do not. */
const SENDS = 2

export default defineAttack<Observation>({
  meta: {
    id: 'lk-otp-echo',
    family: 'leaks',
    title: 'Code told to whoever asked for it',
    about:
      'Has codes sent to phones and looks for them in the replies, plain, encoded and as digests. A code proves that the phone is at hand only if it can be read nowhere else: with this, any number can be logged in.',
    severity: 'critical',
    cwe: [201, 200],
    asvs: ['14.2.6', '6.6.2'],
    api2023: ['API3'],
    has: "the victim's number",
    needs: ['oneTap', 'me', 'smsSend'],
    notices: ['code-secret=otp-echo'],
  },

  async observe(lab) {
    const purposes: SmsPurpose[] = ['login', ...(lab.has('passwordReset') ? (['reset'] as const) : [])]
    const sent: Sent[] = []
    for (const purpose of purposes) {
      for (let i = 0; i < SENDS; i++) {
        const phone = await lab.handset()
        if (purpose === 'reset') await signIn(lab, phone)
        const { step, code, reply } = await codeFor(lab, phone.sim.msisdn, purpose)
        sent.push({ purpose, step, arrived: code !== undefined, found: code === undefined ? [] : codeDisclosures(reply, code) })
      }
    }
    return { sent }
  },

  judge({ sent }): Judgement {
    const echoed = (one: Sent): boolean => one.found.length > 0
    const [told] = sent.filter(one => echoed(one) && sent.every(other => other.purpose !== one.purpose || echoed(other)))
    if (told !== undefined) {
      const all = sent.filter(one => one.purpose === told.purpose)
      return fail(
        `The reply to a request for a code holds the code (${told.purpose}, ${told.found[0] ?? ''}).`,
        'disclosure',
        'What the reply says is what the phone received, each time.',
        {
          exchanges: all.map(({ step }) => step.exchange),
          expected: 'nothing about the code',
          observed: `in ${all.length} of ${all.length} replies`,
        },
      )
    }
    const arrived = sent.filter(one => one.arrived)
    if (!arrived.some(({ purpose }) => purpose === 'login')) return inconclusive('No code arrived that a reply could have told.')
    if (arrived.some(echoed)) return inconclusive('A code stood in one reply and not in the next, which may be chance.')
    return pass(`None of ${arrived.length} codes stood in the reply to whoever had asked for it.`)
  },
})
