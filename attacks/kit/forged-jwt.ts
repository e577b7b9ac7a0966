import type { Judgement, Lab, NotApplicable } from '../../src/contract/attack.ts'
import { count, fail, inconclusive, pass } from './judging.ts'
import { type JwtParts, splitJwt } from './jwt.ts'
import { type SessionState, sessionState, signIn } from './sign-in.ts'

/** A forged credential to show on `me`. */
export interface Forgery {
  name: string
  credential: string
}

export type ForgedJwts = {
  ownAccount: string | null
  victimAccount: string | null
  /** The untouched credential, asked before, between and after. */
  genuine: SessionState[]
  forged: ({ name: string } & SessionState)[]
}

export interface Holder {
  account: string
  jwt: JwtParts
}

/** Asks for the untouched credential after every so many forgeries: a target that locked us out would refuse everything. */
const GENUINE_EVERY = 12

/** Two honest logins, attacker and victim, then every forgery on `me`. Not applicable unless the credential is a JWT. */
export async function observeForgedJwts(
  lab: Lab,
  forge: (own: Holder, victim: Holder) => Forgery[],
): Promise<ForgedJwts | NotApplicable> {
  const own = await signIn(lab, await lab.handset())
  const victim = await signIn(lab, await lab.handset())
  const observation: ForgedJwts = { ownAccount: own.account, victimAccount: victim.account, genuine: [], forged: [] }
  if (own.credential === null || own.account === null || victim.credential === null || victim.account === null) return observation
  const ownJwt = splitJwt(own.credential)
  const victimJwt = splitJwt(victim.credential)
  if (ownJwt === undefined || victimJwt === undefined) return { notApplicable: 'the credential of this target is no JWT' }

  const forgeries = forge({ account: own.account, jwt: ownJwt }, { account: victim.account, jwt: victimJwt })
  for (const [position, { name, credential }] of forgeries.entries()) {
    if (position % GENUINE_EVERY === 0) observation.genuine.push(await sessionState(lab, own.credential))
    observation.forged.push({ name, ...(await sessionState(lab, credential)) })
  }
  observation.genuine.push(await sessionState(lab, own.credential))
  return observation
}

/** `what`: the forged thing in the plural, as a noun phrase. */
export function judgeForgedJwts({ ownAccount, victimAccount, genuine, forged }: ForgedJwts, what: string): Judgement {
  if (ownAccount === null || victimAccount === null)
    return inconclusive('The two honest logins this attack starts from did not both succeed.')
  if (ownAccount === victimAccount)
    return inconclusive('Two numbers share one account, so taking the victim could not be told from being oneself.')
  const accepted = forged.filter(({ state }) => state === 'alive')
  const atVictim = accepted.filter(({ account }) => account === victimAccount)
  const shown = atVictim.length > 0 ? atVictim : accepted
  const [first] = shown
  if (first !== undefined) {
    const evidence = {
      exchanges: shown.slice(0, 10).map(({ exchange }) => exchange),
      expected: 'every forged credential is refused',
      observed: `${accepted.length} of ${forged.length} accepted`,
    }
    return atVictim.length > 0
      ? fail(
          `${what} opened a stranger's account (${first.name}).`,
          'account-exposed',
          `A forged credential shows the victim's account: ${first.name}.`,
          evidence,
        )
      : fail(
          `${what} were accepted (${first.name}).`,
          'credential',
          `A forged credential opens an account: ${first.name}.`,
          evidence,
        )
  }
  if (genuine.some(({ state, account }) => state !== 'alive' || account !== ownAccount))
    return inconclusive('No forgery was accepted, but the untouched credential did not work throughout either.')
  const unclear = forged.filter(({ state }) => state === 'unclear')
  if (unclear.length > 0)
    return inconclusive(`No forgery was accepted, but ${count(unclear.length, 'forged credential')} got no clear answer.`)
  return pass(`${what} were refused, all ${forged.length} of them, while the untouched credential worked throughout.`)
}
