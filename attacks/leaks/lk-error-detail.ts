import { defineAttack, type Exchange, type Judgement, type Lab, type Tamper } from '../../src/contract/attack.ts'
import { insideOf } from '../kit/inside-words.ts'
import { count, fail, inconclusive, pass } from '../kit/judging.ts'
import { lookalike } from '../kit/lookalike.ts'
import { signIn } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

type Provoked = { how: string; exchange: number; status: number; length: number; found: string[] }
type Observation = { provoked: Provoked[] }

export default defineAttack<Observation>({
  meta: {
    id: 'lk-error-detail',
    family: 'leaks',
    title: 'Inside of the program in an error',
    about:
      'Sends broken, wrongly typed and refused requests and looks for stack traces, file paths, SQL and internal addresses in the answers. They tell an attacker which versions, tables and hosts there are.',
    severity: 'low',
    cwe: [209],
    asvs: ['16.5.1', '13.4.2'],
    api2023: ['API8'],
    has: 'nothing but requests',
    needs: ['oneTap', 'me'],
    notices: ['error-boundary=verbose-errors', 'error-boundary=absent'],
  },

  async observe(lab) {
    const provoked: Provoked[] = []
    const look = (how: string, exchange: Exchange): void => {
      const text = lab.textOf(exchange)
      provoked.push({ how, exchange: exchange.id, status: exchange.status, length: text.length, found: insideOf(text) })
    }
    const phone = await lab.handset()
    const issued = await phone.authorize()
    for (const [how, tamper] of BROKEN) look(how, await lab.send('oneTap', loginWith(issued, await lab.nonce()), tamper))
    const invented = { ...loginWith(issued, await lab.nonce()), token: lookalike(lab.rng, issued.token) }
    look('an invented token', await lab.oneTap(invented))
    look('a wrongly typed token', await lab.oneTap({ ...loginWith(issued, await lab.nonce()), token: [{}] }))
    look('an invented credential', await lab.me({ credential: lab.rng.text(43, 'abcdefghijkmnpqrstuvwxyzABCDEFG0123456789') }))
    for (const [how, exchange] of await otherRefusals(lab)) look(how, exchange)
    await signIn(lab, phone)
    return { provoked }
  },

  judge({ provoked }): Judgement {
    const told = provoked.filter(({ found }) => found.length > 0)
    const [first] = told
    if (first !== undefined)
      return fail(
        `An error tells what only the program should know (${first.how}: ${first.found.join(', ')}).`,
        'disclosure',
        'The reply holds text from inside the program.',
        {
          exchanges: told.map(({ exchange }) => exchange),
          expected: 'a code and a sentence',
          observed: `in ${told.length} of ${provoked.length} answers`,
        },
      )
    const refused = provoked.filter(({ status, length }) => length > 0 && status !== 429)
    if (refused.length < provoked.length / 2)
      return inconclusive('Most of the broken requests got no answer that could be looked through.')
    return pass(`${count(refused.length, 'answer')} to broken and refused requests tell nothing of the inside.`)
  },
})

const BROKEN: readonly [string, Tamper][] = [
  ['a body cut short', request => ({ ...request, body: (request.body ?? '').slice(0, -3) })],
  ['a body that is a list', request => ({ ...request, body: '[1,2,3]' })],
  ['no body', request => ({ ...request, body: undefined })],
  [
    'another content type',
    request => ({ ...request, headers: { ...request.headers, 'Content-Type': 'application/xml' }, body: '<a/>' }),
  ],
  ['a path that is none', request => ({ ...request, path: `${request.path}/..%2f%00` })],
  ['quotes and a NUL', request => ({ ...request, body: JSON.stringify({ token: '\'"\u0000', nonce: '\'"', carrier: '\'"' }) })],
]

async function otherRefusals(lab: Lab): Promise<[string, Exchange][]> {
  const refused: [string, Exchange][] = []
  const number = { wrong: 'type' }
  if (lab.has('smsSend')) refused.push(['a number that is an object', await lab.send('smsSend', { number, purpose: 'login' })])
  if (lab.has('passwordLogin'))
    refused.push([
      'a password that is a number',
      await lab.send('passwordLogin', { identifier: 'nobody@example.org', password: 7 }),
    ])
  if (lab.has('thirdPartyLogin'))
    refused.push([
      'an invented credential of a provider',
      await lab.send('thirdPartyLogin', {
        provider: lab.identityProviders[0] ?? 'weibo',
        accessToken: 'x'.repeat(32),
        code: 'x',
      }),
    ])
  if (lab.has('refresh'))
    refused.push(['an invented refresh credential', await lab.send('refresh', { refreshCredential: 'x'.repeat(43) })])
  return refused
}
