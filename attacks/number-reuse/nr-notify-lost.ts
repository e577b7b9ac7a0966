import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'

type Observation = {
  former: Login
  /** The new owner, of whom the target was told nothing. */
  owner: Login | null
  /** Somebody whose number did not change hands, before and after. */
  unchanged: [Login, Login]
}

/** Services that are asked about numbers count in seconds. */
const APART_MS = 2100

export default defineAttack<Observation>({
  meta: {
    id: 'nr-notify-lost',
    family: 'number-reuse',
    title: 'Notice of a new owner never arrives',
    about:
      'The carrier gives a number to another subscriber and its notice is lost; the new subscriber logs in. Reaching the former owner’s account means that the target relies on notices alone, though the carrier could be asked.',
    severity: 'high',
    cwe: [672, 636],
    asvs: ['6.1.3', '16.5.3'],
    api2023: ['API10'],
    has: 'lawful possession of a number that once belonged to somebody else',
    needs: ['oneTap', 'me'],
    notices: ['subscriber-checked=no-subscriber-check', 'reissue-unbinds=ignored'],
  },

  async observe(lab) {
    const asked = lab.traits.asksSubscriber
    if (asked === undefined)
      return { notApplicable: 'the target module names nobody whom the target asks about numbers (traits.asksSubscriber)' }
    if (!lab.providers.includes(asked)) return { notApplicable: `nobody can be asked about numbers: no mock ${asked} runs` }
    const phone = await lab.handset()
    const still = await lab.handset()
    const [former, unchanged] = [await signIn(lab, phone), await signIn(lab, still)]
    await pause(lab)
    const moved = await lab.life('reissued', phone)
    await pause(lab)
    const owner = former.account === null ? null : loginOf(await signIn(lab, moved.handset))
    return { former: loginOf(former), owner, unchanged: [loginOf(unchanged), loginOf(await signIn(lab, still))] }
  },

  judge({ former, owner, unchanged: [before, after] }): Judgement {
    if (former.account === null || owner === null || before.account === null)
      return inconclusive('The logins before the number was reissued did not succeed.')
    if (owner.account === former.account)
      return fail(
        'The new owner of a reissued number reached the former owner’s account, for nobody had said so and nobody was asked.',
        'account-exposed',
        'The new owner’s credential opens the account that the former owner made.',
        {
          exchanges: [former.exchange, owner.exchange],
          expected: 'an account of their own, or a refusal',
          observed: 'the former owner’s account',
        },
      )
    if (owner.account === null && !isRefusal(owner))
      return inconclusive(`The new owner's login got no clear answer (status ${owner.status}).`)
    if (after.account !== before.account)
      return inconclusive('The new owner was kept out, but so was somebody whose number had not changed hands.')
    return pass(
      owner.account === null
        ? 'Without a notice the new owner was asked for more; an unchanged subscriber logged in as ever.'
        : 'Without a notice the new owner reached an account of their own; an unchanged subscriber logged in as ever.',
    )
  },
})

function pause(lab: Lab): Promise<boolean> {
  return lab.eventually(async () => false, APART_MS)
}
