import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { codeFor, type Step, smsLogin } from '../kit/account.ts'
import { isRefusal } from '../kit/attempt.ts'
import { count, fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'
import { type Spelling, spellings } from '../kit/spell-number.ts'

type Spelled = {
  name: Spelling['name']
  same: boolean
  /** The account of the number itself. */
  owner: string | null
  asked: Step
  /** A code arrived at the number itself. */
  rang: boolean
  /** Null when no code came. */
  login: Login | null
}
type Observation = { plain: Spelled | null; spelled: Spelled[] }

export default defineAttack<Observation>({
  meta: {
    id: 'at-phone-normalise',
    family: 'account-takeover',
    title: 'One number in many spellings',
    about:
      "Has codes sent to other spellings of somebody's number, with country code, and to look-alikes that are other people's numbers, of another country or two in one, and logs in with them. A second account for the same number, or the same account for another number, means that what is checked is not what is used.",
    severity: 'high',
    cwe: [180, 1289, 176],
    asvs: ['1.1.1', '2.2.1'],
    api2023: ['API2'],
    has: 'a phone, and a number that looks like somebody else’s',
    needs: ['oneTap', 'me', 'smsSend', 'smsLogin'],
    notices: ['number-canonical=late-normalise', 'number-canonical=raw-phone-key'],
  },

  async observe(lab) {
    const look = async (name: string, same: boolean, write: (number: string, other: string) => string): Promise<Spelled> => {
      // A number of its own each: one gets a code a minute.
      const phone = await lab.handset()
      const { msisdn } = phone.sim
      const owner = await signIn(lab, phone)
      const text = write(msisdn, (await lab.handset()).sim.msisdn)
      const { step, code } = await codeFor(lab, msisdn, 'login', text)
      const login = code === undefined ? null : loginOf(await smsLogin(lab, text, code))
      return { name, same, owner: owner.account, asked: step, rang: code !== undefined, login }
    }
    const plain = await look('as it is', true, number => number)
    if (plain.login?.account == null) return { plain, spelled: [] }
    const spelled: Spelled[] = []
    for (const { name, same, write } of spellings) spelled.push(await look(name, same, write))
    return { plain, spelled }
  },

  judge({ plain, spelled }): Judgement {
    if (plain?.owner == null || plain.login === null) return inconclusive('No code could be had for a number as it is.')
    if (plain.login.account === null)
      return inconclusive(`The honest login by code did not succeed (status ${plain.login.status}).`)
    if (plain.login.account !== plain.owner)
      return inconclusive('A login by code leads to another account than one by carrier token, for the same number as it is.')
    const into = spelled.filter(({ owner, login }) => owner !== null && login !== null && login.account !== null)
    const confused = into.filter(({ same, owner, login }) => !same && login?.account === owner)
    const [mistaken] = confused
    if (mistaken !== undefined)
      return fail(
        `Another number was taken for somebody's (${mistaken.name}) and opened that account.`,
        'account-exposed',
        "A login by a number that is not the account's leads to the account.",
        {
          exchanges: confused.flatMap(({ login }) => (login === null ? [] : [login.exchange])),
          expected: 'refused, or an account of its own',
          observed: `${confused.length} other numbers opened the account`,
        },
      )
    const split = into.filter(({ same, owner, login }) => same && login?.account !== owner)
    const [second] = split
    if (second !== undefined)
      return fail(
        `The same number in another spelling (${second.name}) has a second account.`,
        'credential',
        "A login by another spelling of the account's number leads to another account.",
        {
          exchanges: split.flatMap(({ login }) => (login === null ? [] : [login.exchange])),
          expected: 'refused, or the same account',
          observed: `${split.length} spellings lead elsewhere`,
        },
      )
    const unclear = spelled.filter(isUnclear)
    if (unclear.length > 0)
      return inconclusive(
        `${count(unclear.length, 'spelling')} got no clear answer (${unclear.map(({ name }) => name).join(', ')}).`,
      )
    return pass(
      `${count(into.length, 'spelling')} led to the account of the number, the other ${spelled.length - into.length} to nobody.`,
    )
  },
})

/** Whether it was not plainly answered: who got a code and was not let in must have been refused. */
function isUnclear({ owner, asked, login }: Spelled): boolean {
  if (owner === null) return true
  if (login !== null) return login.account === null && !isRefusal(login)
  return asked.reading !== 'granted' && !isRefusal(asked)
}
