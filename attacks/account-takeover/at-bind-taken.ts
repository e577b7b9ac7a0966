import { defineAttack, type Handset, type Judgement, type Lab } from '../../src/contract/attack.ts'
import type { ThirdPartyId } from '../../src/contract/target.ts'
import { bindWith, freshTicket, plainly, type Step, stepOf } from '../kit/account.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Meeting, meetingOf, met, passRaced, raceBound, raceOn } from '../kit/racing.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'
import { credentialOf, providerUser, thirdPartyLogin } from '../kit/third-party.ts'

/** A number bound by a code that was never sent, and whom its owner then reached. */
type Unproved = { what: 'taken' | 'free'; bound: Step; owner: Login }
/** One identity bound to several accounts: how many were told yes, and the account it opened before and after the first let go of it. */
type Contest = {
  at: 'one after the other' | 'at once'
  /** Null when they did not race. */
  meeting: Meeting | null
  yes: number
  exchanges: number[]
  opened: string | null
  afterwards: string | null
}
type Observation = { attacker: string | null; unproved: Unproved[]; accounts: string[]; contests: Contest[] }

/** Accounts that want one identity. */
const RIVALS = 3
const MOST_ROUNDS = 6

export default defineAttack<Observation>({
  meta: {
    id: 'at-bind-taken',
    family: 'account-takeover',
    title: "Somebody else's identity bound",
    about:
      'Binds numbers to an own account with a code that was never sent, and one identity to several accounts, one after the other and in the same instant. Success means that whoever is logged in can take an identity, or that one identity opens two accounts.',
    severity: 'critical',
    cwe: [283, 367],
    asvs: ['15.4.2', '2.3.4'],
    api2023: ['API1', 'API6'],
    has: 'own accounts; the number of somebody else',
    needs: ['oneTap', 'me', 'bind'],
    notices: ['bind-proved=bind-no-proof', 'identity-unique=bind-racy', 'identity-unique=create-account-racy'],
    alone: true,
  },

  async observe(lab) {
    const rivals: Rival[] = []
    for (let i = 0; i < RIVALS; i++) {
      const phone = await lab.handset()
      const { account, credential } = await signIn(lab, phone)
      if (account === null || credential === null) return { attacker: null, unproved: [], accounts: [], contests: [] }
      rivals.push({ phone, account, credential })
    }
    const [attacker] = rivals
    const unproved = attacker === undefined ? [] : await bindUnproved(lab, attacker)
    const contests: Contest[] = []
    const provider = await takenProvider(lab)
    if (provider !== undefined) {
      contests.push(await contest(lab, rivals, provider, 'one after the other'))
      if (!contests.some(twoAccounts))
        contests.push(
          ...(await raceOn(lab.limits, () => contest(lab, rivals, provider, 'at once'), {
            isHit: twoAccounts,
            couldShow: ({ meeting }) => meeting !== null && met(meeting),
            atMost: MOST_ROUNDS,
          })),
        )
    }
    return { attacker: attacker?.account ?? null, unproved, accounts: rivals.map(({ account }) => account), contests }
  },

  judge({ attacker, unproved, accounts, contests }): Judgement {
    if (attacker === null) return inconclusive('The attacker’s own accounts could not be opened.')
    const [stolen] = unproved.filter(({ owner }) => owner.account === attacker)
    if (stolen !== undefined)
      return fail(
        `A ${stolen.what} number was bound by an invented code, and its owner now lands in the attacker's account.`,
        'account-exposed',
        "The login of the number's owner leads to the attacker's account.",
        { exchanges: [stolen.bound.exchange, stolen.owner.exchange], expected: 'no binding without proof', observed: 'bound' },
      )
    const [double] = contests.filter(contest => twoAccounts(contest) && accounts.includes(contest.afterwards ?? ''))
    if (double !== undefined)
      return fail(
        `One identity was bound to two accounts (${double.at}).`,
        'account-exposed',
        'The identity opens one account, and after that one let go of it, another that was told it is its own.',
        { exchanges: double.exchanges, expected: 'one owner', observed: `${double.yes} of ${accounts.length} were told yes` },
      )
    if (unproved.some(({ owner }) => owner.account === null))
      return inconclusive('The owner of a number that was tried could not log in.')
    if (contests.some(({ yes, opened }) => yes === 0 || opened === null))
      return inconclusive('An own identity could not be bound with proof, so that others could not shows nothing.')
    if (contests.length === 0) return pass('Numbers could not be bound by an invented code.')
    const raced = contests.flatMap(({ meeting }) => (meeting !== null && met(meeting) ? [meeting] : []))
    if (raced.length === 0)
      return inconclusive('No identity went to two accounts, but those who claimed one at once never arrived together.')
    return passRaced(
      [raceBound('second owner of an identity', raced, accounts.length)],
      'Numbers could not be bound by an invented code, and an identity that several accounts claimed went to one.',
    )
  },
})

interface Rival {
  phone: Handset
  account: string
  credential: string
}

function twoAccounts({ opened, afterwards }: Contest): boolean {
  return opened !== null && afterwards !== null && opened !== afterwards
}

async function bindUnproved(lab: Lab, { phone, credential }: Rival): Promise<Unproved[]> {
  const unproved: Unproved[] = []
  for (const what of ['taken', 'free'] as const) {
    const owner = await lab.handset()
    if (what === 'taken') await signIn(lab, owner)
    const code = lab.rng.text(6, '0123456789')
    const bound = await bindWith(lab, phone, credential, async () => ({ kind: 'sms', number: owner.sim.msisdn, code }))
    unproved.push({ what, bound: stepOf(bound), owner: loginOf(await signIn(lab, owner)) })
  }
  return unproved
}

/** The first provider whose users can log in here. */
async function takenProvider(lab: Lab): Promise<ThirdPartyId | undefined> {
  if (!lab.has('thirdPartyLogin') || !lab.has('unbind')) return undefined
  for (const provider of lab.identityProviders)
    if ((await thirdPartyLogin(lab, provider, await providerUser(lab))).account !== null) return provider
  return undefined
}

async function contest(lab: Lab, rivals: readonly Rival[], provider: ThirdPartyId, at: Contest['at']): Promise<Contest> {
  const user = await providerUser(lab)
  const inputs = []
  for (const { phone, credential } of rivals) {
    const identity = { kind: 'third-party', provider, ...credentialOf(await lab.providerCredential(provider, user)) } as const
    inputs.push({ credential, ...(await freshTicket(lab, phone, credential)), identity })
  }
  const exchanges = []
  let meeting: Meeting | null = null
  if (at === 'at once') {
    const raced = await lab.race('bind', inputs)
    exchanges.push(...raced.exchanges)
    meeting = meetingOf(raced)
  } else for (const input of inputs) exchanges.push(await lab.send('bind', input))
  const yes = exchanges.filter(({ reading }) => reading.kind === 'granted').length
  const first = await thirdPartyLogin(lab, provider, user)
  const made = { at, meeting, yes, exchanges: [...exchanges.map(({ id }) => id), first.exchange], opened: first.account }
  const winner = rivals.find(({ account }) => account === first.account)
  // One yes is one owner; who else was told yes must be looked at.
  if (winner === undefined || yes < 2) return { ...made, afterwards: null }
  await plainly(lab, async () =>
    lab.send('unbind', {
      credential: winner.credential,
      ...(await freshTicket(lab, winner.phone, winner.credential)),
      type: provider,
    }),
  )
  const second = await thirdPartyLogin(lab, provider, user)
  return { ...made, exchanges: [...made.exchanges, second.exchange], afterwards: second.account }
}
