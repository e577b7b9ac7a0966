import { defineAttack, type Exchange, type Judgement } from '../../src/contract/attack.ts'
import { bindWith, phoneProof } from '../kit/account.ts'
import { numberDisclosures } from '../kit/disclosure.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { enter, signIn } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

/** One reply, looked through for the number. */
type Looked = { reply: string; exchange: number; status: number; length: number; found: string[] }
type Observation = { account: string | null; looked: Looked[] }

export default defineAttack<Observation>({
  meta: {
    id: 'lk-number-response',
    family: 'leaks',
    title: 'Full number in a reply',
    about:
      'Looks for the number of the one who is logged in, in any encoding, in every reply to requests that did not hold it: login, profile, refresh, refusals. The app shows a mask, so the number has no business on the way to it: apps, proxies and crash reports keep what passes.',
    severity: 'high',
    cwe: [359, 201],
    asvs: ['14.2.6', '15.3.1'],
    api2023: ['API3'],
    has: "a look at the app's traffic, or a session",
    needs: ['oneTap', 'me'],
    notices: ['number-masked=full-number-out'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const { msisdn } = phone.sim
    const looked: Looked[] = []
    const look = (reply: string, exchange: Exchange): Exchange => {
      const text = lab.textOf(exchange)
      const found = numberDisclosures(text, msisdn)
      looked.push({ reply, exchange: exchange.id, status: exchange.status, length: text.length, found })
      return exchange
    }
    const input = loginWith(await phone.authorize(), await lab.nonce())
    let refreshCredential: string | undefined
    const { account, credential } = await enter(lab, async () => {
      const exchange = look('login', await lab.login(phone))
      if (exchange.reading.kind === 'granted') refreshCredential = exchange.reading.refreshCredential
      return exchange
    })
    if (credential === null) return { account, looked }
    look('profile', await lab.me({ credential }))
    if (refreshCredential !== undefined && lab.has('refresh')) look('refresh', await lab.send('refresh', { refreshCredential }))
    if (lab.has('profileChange'))
      look('profile change', await lab.send('profileChange', { credential, fields: { nickname: 'looker' } }))
    look('login by a second token', await lab.oneTap(input))
    look('the same login once more', await lab.oneTap(input))
    if (lab.has('bind')) {
      // Who binds what is taken must not be told whose it is, nor what it is.
      const secondPhone = await lab.handset()
      const second = await signIn(lab, secondPhone)
      if (second.credential !== null)
        look('refused binding', await bindWith(lab, secondPhone, second.credential, () => phoneProof(lab, phone, 'bind')))
    }
    if (lab.has('logout')) look('logout', await lab.logout({ credential }))
    return { account, looked }
  },

  judge({ account, looked }): Judgement {
    const leaks = looked.filter(({ found }) => found.length > 0)
    const [first] = leaks
    if (first !== undefined)
      return fail(
        `The full number stands in a reply (${first.reply}, ${first.found[0] ?? ''}).`,
        'disclosure',
        'The reply holds the number of the phone, which no request had held.',
        {
          exchanges: leaks.map(({ exchange }) => exchange),
          expected: 'a mask at most',
          observed: `in ${leaks.length} of ${looked.length} replies`,
        },
      )
    if (account === null) return inconclusive('The login whose replies were to be looked through did not succeed.')
    const seen = looked.filter(({ length }) => length > 0)
    if (seen.length < looked.length) return inconclusive('Some requests got no reply that could be looked through.')
    return pass(`The number stands in none of ${seen.length} replies (${seen.map(({ reply }) => reply).join(', ')}).`)
  },
})
