import { defineAttack, type Exchange, type Judgement, type Lab } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { codeFor } from '../kit/account.ts'
import { type Attempt, attemptLogin, attemptOf, isCrash, isRefusal, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { count, evidenceOf, fail, inconclusive, names, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'
import { jsonFields } from '../kit/tamper.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  attempts: Attempt[]
  /** Whose number the codes were sent to. */
  victim: Login
  /** A clean login after bodies that try to write into what all objects inherit. */
  clean: Login
}

/** What stores of documents take for a question instead of a value; each holds for nearly everything. */
const OPERATORS: readonly (readonly [string, Json])[] = [
  ['$ne', { $ne: null }],
  ['$gt', { $gt: '' }],
  ['$regex', { $regex: '^\\d' }],
  ['$exists', { $exists: true }],
  ['$nin', { $nin: [] }],
  ['a list', [{ $ne: null }]],
]

export default defineAttack<Observation>({
  meta: {
    id: 'in-nosql',
    family: 'injection',
    title: 'Question of a document store in place of a value',
    about:
      'Sends objects such as {"$ne": null} where a nonce, a code, a password or an identifier belongs, and field names that write into what all objects inherit. A login means that the value goes to the store as it came: then every code is right.',
    severity: 'critical',
    cwe: [943, 1321, 843],
    asvs: ['1.2.4', '15.3.5', '15.3.6'],
    api2023: ['API8'],
    has: "a victim's number",
    needs: ['oneTap', 'me'],
    notices: ['code-vault=operator-objects'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const victim = loginOf(await signIn(lab, phone))
    const open = [...(await asNonce(lab)), ...(await polluted(lab))]
    const attempts = await withCalls(lab, open)
    attempts.push(...(await asCode(lab, phone.sim.msisdn)), ...(await asPassword(lab, phone.sim.msisdn)))
    const clean = loginOf(await signIn(lab, await lab.handset()))
    return { attempts, victim, clean }
  },

  judge({ attempts, victim, clean }): Judgement {
    const gotIn = attempts.filter(({ account, variant }) => account !== null && !variant.startsWith(INHERITED))
    const atVictim = gotIn.filter(({ account }) => account === victim.account)
    if (gotIn.length > 0)
      return fail(
        `A question in place of a value logged in (${names(gotIn)}).`,
        atVictim.length > 0 ? 'account-exposed' : 'credential',
        atVictim.length > 0 ? "The reply opens the victim's account." : 'The reply held a credential that opens an account.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${attempts.length} logged in` },
      )
    if (victim.account === null) return inconclusive('The victim could not log in, so nothing was there to be taken.')
    if (clean.account === null)
      return inconclusive('After bodies that write into what all objects inherit, an honest login did not succeed.')
    const asked = attempts.filter(({ variant }) => !variant.startsWith(INHERITED))
    const unclear = asked.filter(attempt => !isRefusal(attempt) && !isCrash(attempt))
    const crashed = attempts.filter(isCrash)
    if (crashed.length > 0 || unclear.length > 0)
      return inconclusive(`Nothing got in, but some got no plain refusal (${names([...crashed, ...unclear])}).`)
    return pass(`${count(asked.length, 'question')} in place of values were refused; a clean login afterwards went through.`)
  },
})

const INHERITED = 'inherited'

async function asNonce(lab: Lab): Promise<OpenAttempt[]> {
  if (!lab.has('nonce')) return []
  const tokens = await ownTokens(lab)
  // One is waiting, unused: a question that holds for any nonce would find it.
  await lab.nonce()
  const open: OpenAttempt[] = []
  for (const [name, question] of OPERATORS)
    open.push(
      await attemptLogin(lab, `${name} as nonce`, async () => {
        const issued = await tokens.next()
        return { input: loginWith(issued, question), watch: [issued.token] }
      }),
    )
  return open
}

/** An honest login with more in its body; that it goes through is no finding. */
async function polluted(lab: Lab): Promise<OpenAttempt[]> {
  const tokens = await ownTokens(lab)
  const open: OpenAttempt[] = []
  for (const name of ['__proto__', 'constructor'])
    open.push(
      await attemptLogin(lab, `${INHERITED}: ${name}`, async () => ({
        input: loginWith(await tokens.next(), await lab.nonce()),
        watch: [],
        tamper: request => {
          if (jsonFields(request) === undefined || request.body === undefined) return request
          const inherited = JSON.stringify({ nonce: 'x', admin: true, token: 'x' })
          const value = name === 'constructor' ? `{"prototype":${inherited}}` : inherited
          return { ...request, body: `{"${name}":${value},${request.body.slice(request.body.indexOf('{') + 1)}` }
        },
      })),
    )
  return open
}

async function asCode(lab: Lab, number: string): Promise<Attempt[]> {
  if (!lab.has('smsSend') || !lab.has('smsLogin') || !lab.providers.includes('sms-gateway')) return []
  // The victim asks for a code; the attacker answers.
  const { code } = await codeFor(lab, number)
  if (code === undefined) return []
  return tried(lab, OPERATORS, 'code', question => lab.send('smsLogin', { number, code: question }))
}

async function asPassword(lab: Lab, number: string): Promise<Attempt[]> {
  if (!lab.has('passwordLogin')) return []
  const passwords = await tried(lab, OPERATORS, 'password', question =>
    lab.send('passwordLogin', { identifier: number, password: question }),
  )
  const identifiers = await tried(lab, OPERATORS.slice(0, 3), 'identifier', question =>
    lab.send('passwordLogin', { identifier: question, password: question }),
  )
  return [...passwords, ...identifiers]
}

async function tried(
  lab: Lab,
  questions: typeof OPERATORS,
  field: string,
  send: (question: Json) => Promise<Exchange>,
): Promise<Attempt[]> {
  const attempts: Attempt[] = []
  for (const [name, question] of questions) {
    const exchange = await send(question)
    attempts.push(attemptOf(`${name} as ${field}`, exchange, await lab.possess(exchange)))
  }
  return attempts
}
