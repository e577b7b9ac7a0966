import { defineAttack, type Handset, type Judgement, type Lab, type Tamper } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { fail, inconclusive, isUnclear, names, pass } from '../kit/judging.ts'
import { jsonFields, placeOf, withHeaders, withQuery } from '../kit/tamper.ts'
import { loginWith } from '../kit/tokens.ts'

type Twin = {
  place: string
  /** Own token in the documented place, the other one in the second place: whose account was opened. */
  both: Attempt
  usedOther: boolean
  /** A broken token in the documented place, a good one in the second: let in only by a backend that reads the second alone. */
  broken: Attempt
}

type Observation = { own: string | null; other: string | null; twins: Twin[] }

type Second = (name: string, token: string) => Tamper

/** Where a second value may hide. `name`: what the field is called in the body. */
const PLACES: Readonly<Record<string, Second>> = {
  'in the query': (name, token) => withQuery({ [name]: token }),
  'first of two fields of one name': (name, token) => twice(name, token, 'before'),
  'second of two fields of one name': (name, token) => twice(name, token, 'after'),
  'under a capital letter': (name, token) => renamed(name, token, name.charAt(0).toUpperCase() + name.slice(1)),
  'in a header': (name, token) => withHeaders({ [name.replaceAll('_', '-')]: token }),
  'in a cookie': (name, token) => withHeaders({ cookie: `${name}=${token}` }),
}

export default defineAttack<Observation>({
  meta: {
    id: 'ft-parser-differential',
    family: 'forged-token',
    title: 'One request, two carrier tokens',
    about:
      'Sends a second carrier token beside the documented one: in the query, twice in the body, in headers. A backend that checks one of the two and spends the other has checked nothing.',
    severity: 'high',
    cwe: [436, 235],
    asvs: ['1.5.3', '15.3.7', '4.1.1'],
    api2023: ['API8'],
    has: 'valid tokens of two own numbers',
    needs: ['oneTap', 'me'],
    notices: ['request-fields=parser-split'],
  },

  async observe(lab) {
    const first = await phoneWithoutSecondValue(lab)
    const sameCarrier = await lab.handset(first.sim.carrier)
    const own = await honestAccount(lab, first)
    const other = await honestAccount(lab, sameCarrier)
    const twins: Twin[] = []
    if (own === null || other === null) return { own, other, twins }
    for (const [place, tamperWith] of Object.entries(PLACES)) {
      const send = (variant: string, ruin: boolean): Promise<OpenAttempt> =>
        attemptLogin(lab, variant, async () => {
          const mine = await first.authorize()
          const theirs = await sameCarrier.authorize()
          const token = ruin ? `${mine.token.slice(0, 8)}!` : mine.token
          const tamper: Tamper = request => {
            const path = placeOf(jsonFields(request) ?? {}, token)
            return path?.length === 1 && path[0] !== undefined ? tamperWith(path[0], theirs.token)(request) : request
          }
          return { input: { ...loginWith(theirs, await lab.nonce()), token }, watch: [theirs.token], tamper }
        })
      const [both, broken] = await withCalls(lab, [await send(place, false), await send(place, true)])
      if (both !== undefined && broken !== undefined) twins.push({ place, both, usedOther: both.calls.length > 0, broken })
    }
    return { own, other, twins }
  },

  judge({ own, other, twins }): Judgement {
    if (own === null || other === null || own === other)
      return inconclusive('The two honest logins this attack starts from did not lead to two accounts.')
    const split = twins.filter(
      ({ both, usedOther, broken }) => (usedOther || both.account === other) && broken.account === null && !isUnclear(broken),
    )
    const [hit] = split
    if (hit !== undefined)
      return fail(
        `The token that was checked is not the one that was spent (second token ${hit.place}).`,
        hit.both.account === other ? 'account-exposed' : 'carrier-call',
        'A token beside the documented one went to the carrier, though a broken one in the documented place is refused.',
        {
          exchanges: split.flatMap(({ both, broken }) => [both.exchange, broken.exchange]),
          journal: split.flatMap(({ both }) => both.calls),
          expected: 'one reading of each request',
          observed: `two readings with a second token ${split.map(({ place }) => place).join(', ')}`,
        },
      )
    const unclear = twins.flatMap(({ both, broken }) => [both, broken]).filter(isUnclear)
    if (unclear.length > 0) return inconclusive(`Some requests with two tokens got no clear answer (${names(unclear)}).`)
    return pass(`In ${twins.length} places for a second token, the token that was checked was the one that was spent.`)
  },
})

/** China Telecom's second value belongs to one token and would settle which of two is meant. */
async function phoneWithoutSecondValue(lab: Lab): Promise<Handset> {
  for (;;) {
    const phone = await lab.handset()
    if (phone.sim.carrier !== 'china-telecom') return phone
  }
}

async function honestAccount(lab: Lab, phone: Handset): Promise<string | null> {
  const { attempt } = await attemptLogin(lab, 'honest', async () => ({
    input: loginWith(await phone.authorize(), await lab.nonce()),
    watch: [],
  }))
  return attempt.account
}

/** By hand: a serialiser writes each name once. */
function twice(name: string, token: string, where: 'before' | 'after'): Tamper {
  return request => {
    const { body } = request
    if (body === undefined || !body.startsWith('{')) return request
    const pair = `${JSON.stringify(name)}:${JSON.stringify(token)}`
    return { ...request, body: where === 'before' ? `{${pair},${body.slice(1)}` : `${body.slice(0, -1)},${pair}}` }
  }
}

function renamed(_name: string, token: string, alias: string): Tamper {
  return request => {
    const fields = jsonFields(request)
    return fields === undefined ? request : { ...request, body: JSON.stringify({ ...fields, [alias]: token }) }
  }
}
