import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import type { IssuedToken } from '../../src/contract/journal.ts'
import { type Attempt, attemptLogin, isCrash } from '../kit/attempt.ts'
import { evidenceOf, fail, inconclusive, isUnclear, names, pass } from '../kit/judging.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = {
  /** `injected`: journal rows in which a part of the token is a value of its own. */
  attempts: (Attempt & { injected: number[] })[]
  /** An untouched token of the last phone, or of the first that was refused. */
  honest: Attempt | null
}

/** An app id no carrier knows, looked for in the carriers' journals. */
const EVIL = 'app-of-the-attacker'

const PHONES = 3

export default defineAttack<Observation>({
  meta: {
    id: 'in-carrier-request',
    family: 'injection',
    title: 'Token that breaks out of the carrier request',
    about:
      'Posts tokens that end their own field in the request the backend makes to the carrier and begin another: a second app id, more parameters, another path. A call with what was smuggled in means that the client writes the backend’s requests.',
    severity: 'high',
    cwe: [74, 918, 444],
    asvs: ['1.3.6', '4.2.5', '13.2.4'],
    api2023: ['API7', 'API10'],
    has: 'network access to the public API; nonces are handed to anybody',
    needs: ['oneTap', 'me'],
    notices: ['carrier-request-written=string-carrier-request', 'carrier-token-verified=lenient-token'],
  },

  async observe(lab) {
    const tries: Try[] = []
    let honest: Attempt | undefined
    for (let turn = 0; turn < PHONES; turn++) {
      const phone = await lab.handset()
      for (const [name, breakOut] of BREAKOUTS) {
        const issued = await phone.authorize()
        // Each has a mark of its own, so that the journal tells them apart.
        tries.push(await tryToken(lab, name, issued, `${EVIL}-${tries.length}`, breakOut))
      }
      const control = await attemptLogin(lab, 'untouched', async () => ({
        input: loginWith(await phone.authorize(), await lab.nonce()),
        watch: [],
      }))
      if (honest === undefined || control.attempt.account === null) honest = control.attempt
    }
    const rows = await lab.carrierCalls(tries.flatMap(({ whole, inner, mark }) => [whole, inner, mark]))
    const attempts = tries.map(({ attempt, whole, inner, mark }) => {
      const calls = rows.filter(({ token }) => token === whole || token === inner || token === mark)
      // The whole text as one value is what a careful backend may send; its parts as values of their own were smuggled in.
      const injected = calls.filter(row => row.token !== whole || row.appId === mark)
      return { ...attempt, calls: calls.map(({ seq }) => seq), injected: injected.map(({ seq }) => seq) }
    })
    return { attempts, honest: honest ?? null }
  },

  judge({ attempts, honest }): Judgement {
    const injected = attempts.filter(attempt => attempt.injected.length > 0)
    if (injected.length > 0)
      return fail(
        `A token wrote fields of the backend's own carrier request (${names(injected)}).`,
        'carrier-call',
        'The carrier journal shows calls in which what stood in the token is a field of its own.',
        {
          exchanges: injected.map(({ exchange }) => exchange),
          journal: injected.flatMap(attempt => attempt.injected),
          expected: 'a token stays one value',
          observed: `${injected.length} of ${attempts.length} broke out`,
        },
      )
    const gotIn = attempts.filter(({ account }) => account !== null)
    if (gotIn.length > 0)
      return fail(`A token with more in it logged in (${names(gotIn)}).`, 'credential', 'The reply held a working credential.', {
        ...evidenceOf(gotIn),
        expected: 'refused',
        observed: `${gotIn.length} of ${attempts.length} logged in`,
      })
    const broken = attempts.filter(isCrash)
    if (broken.length > 0) return inconclusive(`Some of the tokens broke the target (${names(broken)}).`)
    const unclear = attempts.filter(isUnclear)
    if (unclear.length > 0) return inconclusive(`Some of the tokens got no clear answer (${names(unclear)}).`)
    if (honest === null || honest.account === null)
      return inconclusive('All were refused, but so was the token they were made of.')
    return pass(
      `${attempts.length} tokens that try to end their own field were refused, or stayed one value on their way to the carrier.`,
    )
  },
})

type BreakOut = (token: string, mark: string) => string

const BREAKOUTS: readonly (readonly [string, BreakOut])[] = [
  ['JSON, a second app id', (token, mark) => `${token}","appid":"${mark}`],
  ['JSON, a second token', (token, mark) => `${mark}","token":"${token}`],
  ['form, a second app id', (token, mark) => `${token}&appid=${mark}&appId=${mark}&apiKey=${mark}&clientId=${mark}`],
  ['form, a second token', (token, mark) => `${mark}&accessCode=${token}&code=${token}`],
  ['a path', (token, mark) => `${token}/../../${mark}`],
  ['a query', (token, mark) => `${token}?appid=${mark}`],
  ['line ends', (token, mark) => `${token}\r\nx-injected: ${mark}\r\n\r\nPOST /${mark} HTTP/1.1`],
]

interface Try {
  attempt: Attempt
  /** The token as sent, the genuine one inside it, and what would betray a field of its own. */
  whole: string
  inner: string
  mark: string
}

async function tryToken(lab: Lab, name: string, issued: IssuedToken, mark: string, breakOut: BreakOut): Promise<Try> {
  const whole = breakOut(issued.token, mark)
  const { attempt } = await attemptLogin(lab, `${issued.carrier}: ${name}`, async () => ({
    input: { ...loginWith(issued, await lab.nonce()), token: whole },
    watch: [],
  }))
  return { attempt, whole, inner: issued.token, mark }
}
