import { defineAttack, type Judgement, type Tamper } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, type OpenAttempt } from '../kit/attempt.ts'
import { evidenceOf, fail, inconclusive, isUnclear, names, pass } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'
import { withFields, withHeaders, withQuery } from '../kit/tamper.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = { own: string | null; victim: string | null; attempts: Attempt[] }

/** What old app versions and test set-ups call the number. */
const NAMES = ['phone', 'mobile', 'msisdn', 'number', 'phoneNumber', 'phone_number', 'account', 'userId']

export default defineAttack<Observation>({
  meta: {
    id: 'su-number-in-body',
    family: 'substitution',
    title: "Own carrier token, victim's number beside it",
    about:
      "Logs in with a genuine token of an own number and names a victim's number in the body, the query or a header. Reaching the victim's account means that the one thing the carrier vouches for is asked of the client.",
    severity: 'critical',
    cwe: [302, 639, 915],
    asvs: ['15.3.3', '8.3.1'],
    api2023: ['API3', 'API1'],
    has: "valid tokens of an own number, and the victim's number",
    needs: ['oneTap', 'me'],
    notices: ['number-from-carrier=body-number-wins'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const target = await lab.handset()
    const own = await signIn(lab, phone)
    const victim = await signIn(lab, target)
    const { msisdn } = target.sim
    const open: OpenAttempt[] = []
    for (const [variant, tamper] of variants(msisdn)) {
      open.push(
        await attemptLogin(lab, variant, async () => ({
          input: loginWith(await phone.authorize(), await lab.nonce()),
          watch: [],
          tamper,
        })),
      )
    }
    return { own: own.account, victim: victim.account, attempts: open.map(({ attempt }) => attempt) }
  },

  judge({ own, victim, attempts }): Judgement {
    if (own === null || victim === null || own === victim)
      return inconclusive('The two honest logins this attack starts from did not lead to two accounts.')
    const taken = attempts.filter(({ account }) => account === victim)
    if (taken.length > 0)
      return fail(
        `A number named beside an own carrier token opened a stranger's account (${names(taken)}).`,
        'account-exposed',
        "The reply held a credential that opens the victim's account.",
        { ...evidenceOf(taken), expected: 'the own account, or a refusal', observed: "the victim's account" },
      )
    const strange = attempts.filter(({ account }) => account !== null && account !== own)
    if (strange.length > 0) return inconclusive(`A number beside the token led to a third account (${names(strange)}).`)
    const unclear = attempts.filter(isUnclear)
    if (unclear.length > 0)
      return inconclusive(`Some logins with a number beside the token got no clear answer (${names(unclear)}).`)
    return pass(`In ${attempts.length} places, a victim's number beside an own carrier token changed nothing.`)
  },
})

function variants(msisdn: string): [string, Tamper][] {
  const fields = Object.fromEntries(NAMES.map(name => [name, msisdn]))
  return [
    ['in the body', withFields(fields)],
    ['in the body, with country code', withFields(Object.fromEntries(NAMES.map(name => [name, `+86${msisdn}`])))],
    ['in the body, nested', withFields({ user: fields, data: fields, account: fields })],
    ['in the query', withQuery(fields)],
    ['in headers', withHeaders({ 'x-phone': msisdn, 'x-mobile': msisdn, 'x-msisdn': msisdn, 'x-up-calling-line-id': msisdn })],
  ]
}
