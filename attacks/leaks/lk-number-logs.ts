import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { codeFor, firstPassword, newPassword, passwordLogin, smsLogin } from '../kit/account.ts'
import { codeDisclosures, disclosures, numberDisclosures } from '../kit/disclosure.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { enter } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

type Secret = { what: string; exchange: number; found: string[] }
type Observation = { account: string | null; lines: number; secrets: Secret[] }

/** Lines may stand in a buffer for a moment. */
const WRITTEN_WITHIN_MS = 1_000

export default defineAttack<Observation>({
  meta: {
    id: 'lk-number-logs',
    family: 'leaks',
    title: 'Number or secret in the log',
    about:
      'Logs in by every way there is and looks for the number, tokens, nonce, code and password of these very logins in what the target wrote. Logs are read by more people than databases are, kept longer, and sent further.',
    severity: 'medium',
    cwe: [532],
    asvs: ['16.2.5', '14.2.4'],
    api2023: ['API8'],
    has: 'a look at the log',
    needs: ['oneTap', 'me'],
    notices: ['log-lines=pii-in-logs'],
  },

  async observe(lab) {
    if (lab.targetLog() === undefined)
      return { notApplicable: 'the target was not started by the harness, so its log is not seen' }
    const { account, planted } = await plant(lab)
    await lab.eventually(async () => (lab.targetLog() ?? []).length > 0, WRITTEN_WITHIN_MS)
    const lines = lab.targetLog() ?? []
    if (lines.length === 0) return { notApplicable: 'the target wrote nothing while it was attacked' }
    // The last lines may still be on their way.
    await lab.eventually(async () => (lab.targetLog() ?? []).length > lines.length, WRITTEN_WITHIN_MS / 4)
    const text = (lab.targetLog() ?? []).join('\n')
    const secrets = planted.map(({ what, exchange, look }) => ({ what, exchange, found: look(text) }))
    return { account, lines: lines.length, secrets }
  },

  judge({ account, lines, secrets }): Judgement {
    const leaks = secrets.filter(({ found }) => found.length > 0)
    const [first] = leaks
    if (first !== undefined)
      return fail(
        `The target's log holds what should not be there: ${leaks.map(({ what }) => what).join(', ')}.`,
        'disclosure',
        `A line written since the attack began holds the ${first.what} of this login (${first.found[0] ?? ''}).`,
        {
          exchanges: leaks.map(({ exchange }) => exchange),
          expected: 'masked, or not at all',
          observed: `${leaks.length} of ${secrets.length} values in full`,
        },
      )
    if (account === null) return inconclusive('The login whose traces were to be looked for did not succeed.')
    return pass(`None of ${secrets.map(({ what }) => what).join(', ')} stands in the ${lines} lines the target wrote.`)
  },
})

interface Planted {
  what: string
  exchange: number
  /** In which ways it stands in a text. */
  look(text: string): string[]
}

const secret = (what: string, exchange: number, value: string): Planted => ({
  what,
  exchange,
  look: text => disclosures(text, value),
})

/** Values that exist nowhere else, each of one login. */
async function plant(lab: Lab): Promise<{ account: string | null; planted: Planted[] }> {
  const phone = await lab.handset()
  const { msisdn } = phone.sim
  const planted: Planted[] = []
  const { account, credential } = await enter(lab, async () => {
    const nonce = await lab.nonce()
    const input = loginWith(await phone.authorize(), nonce)
    const exchange = await lab.oneTap(input)
    const { id, reading } = exchange
    planted.push({ what: 'number', exchange: id, look: text => numberDisclosures(text, msisdn) })
    if (typeof input.token === 'string') planted.push(secret('carrier token', id, input.token))
    if (nonce !== undefined) planted.push(secret('nonce', id, nonce))
    if (reading.kind === 'granted' && reading.credential !== undefined) planted.push(secret('session', id, reading.credential))
    if (reading.kind === 'granted' && reading.refreshCredential !== undefined)
      planted.push(secret('refresh credential', id, reading.refreshCredential))
    return exchange
  })
  if (credential !== null && lab.has('passwordChange') && lab.has('passwordLogin')) {
    const password = newPassword(lab)
    await firstPassword(lab, phone, credential, password)
    planted.push(secret('password', (await passwordLogin(lab, msisdn, password)).exchange, password))
  }
  if (lab.has('smsSend') && lab.has('smsLogin')) planted.push(...(await plantCode(lab, msisdn)))
  return { account, planted }
}

async function plantCode(lab: Lab, msisdn: string): Promise<Planted[]> {
  const { code } = await codeFor(lab, msisdn)
  if (code === undefined) return []
  const { exchange } = await smsLogin(lab, msisdn, code)
  // Six digits alone may stand in any line by chance: with the word before it, or the number after it, they do not.
  const beside = new RegExp(`(code|otp|验证码)\\W{1,6}(is\\W{1,3})?${code}(?!\\d)`, 'i')
  return [{ what: 'code', exchange, look: text => (beside.test(text) ? codeDisclosures(text, code) : []) }]
}
