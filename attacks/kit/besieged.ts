import type { Exchange, Handset, Lab, Possession } from '../../src/contract/attack.ts'
import type { FailClosedEnemy } from '../../src/contract/figures.ts'
import { fingerprint } from './fingerprint.ts'
import { lookalike } from './lookalike.ts'
import { signIn, waitForEnd } from './sign-in.ts'
import { loginWith } from './tokens.ts'

/** One thing an enemy tried while something was in trouble. Plain JSON. */
export type Try = {
  enemy: FailClosedEnemy
  what: string
  exchange: number
  status: number
  reading: Exchange['reading']['kind']
  durationMs: number
  /** It opened what it must not; it was rightly let in, to an account of its own; or neither. */
  got: 'entry' | 'own' | 'nothing'
}

/** Everything that can be got ready before the trouble begins; `fire` then needs nothing but the target. */
export interface Siege {
  /** Carrier tokens whose calls show that the trouble was met. */
  readonly witnessTokens: readonly string[]
  /** Sends all tries and the honest witnesses at once. */
  fire(): Promise<Fired>
  /** Why the former holder of a number could not be brought to the gate; undefined when it could. */
  readonly noReissued: string | undefined
}

export interface Fired {
  witnesses: Exchange[]
  /** Looks, once the trouble is over, at what the tries got. */
  look(): Promise<Try[]>
}

type Shot = {
  enemy: FailClosedEnemy
  what: string
  send: () => Promise<Exchange>
  opens: (exchange: Exchange) => Promise<Try['got']>
}

/** Honest logins beside the tries: one would be no crowd for answers to be mixed up in. */
const WITNESSES = 3
const FORGED = 3

/** Readies forged, replayed and reissued credentials while all is well. Nonces come last: they are short-lived. */
export async function readySiege(lab: Lab): Promise<Siege> {
  const replays = [...(await spentNonce(lab)), ...(await spentToken(lab))]
  const { shots: reissued, missing } = await formerHolder(lab)
  const forged: Shot[] = []
  for (let i = 0; i < FORGED; i++) forged.push(await forgery(lab, await lab.handset(), i))
  const witnesses: { token: string; send: () => Promise<Exchange> }[] = []
  for (let i = 0; i < WITNESSES; i++) {
    const issued = await (await lab.handset()).authorize()
    const input = loginWith(issued, await lab.nonce())
    witnesses.push({ token: issued.token, send: () => lab.oneTap(input) })
  }
  const shots = [...forged, ...replays, ...reissued]
  return {
    witnessTokens: witnesses.map(({ token }) => token),
    noReissued: missing,
    async fire() {
      const honest = Promise.all(witnesses.map(({ send }) => send()))
      const exchanges = await Promise.all(shots.map(({ send }) => send()))
      return { witnesses: await honest, look: () => looked(shots, exchanges) }
    },
  }
}

async function looked(shots: readonly Shot[], exchanges: readonly Exchange[]): Promise<Try[]> {
  const tries: Try[] = []
  for (const [position, { enemy, what, opens }] of shots.entries()) {
    const exchange = exchanges[position]
    if (exchange === undefined) continue
    const { id, status, reading, durationMs } = exchange
    const got = await opens(exchange)
    tries.push({ enemy, what, exchange: id, status, reading: reading.kind, durationMs: Math.round(durationMs), got })
  }
  return tries
}

async function forgery(lab: Lab, phone: Handset, n: number): Promise<Shot> {
  const issued = await phone.authorize()
  const input = { ...loginWith(issued, await lab.nonce()), token: lookalike(lab.rng, issued.token) }
  return {
    enemy: 'forged',
    what: `invented token ${n + 1} (${phone.sim.carrier})`,
    send: () => lab.oneTap(input),
    opens: async exchange => entryIf((await lab.possess(exchange)) !== undefined),
  }
}

/** A nonce that was used, with a fresh token of the same phone. The same session once more is an idempotent answer and no entry. None where the target has no nonces, or the first login failed. */
async function spentNonce(lab: Lab): Promise<Shot[]> {
  const phone = await lab.handset()
  const nonce = await lab.nonce()
  if (nonce === undefined) return []
  const first = await lab.possess(await lab.oneTap(loginWith(await phone.authorize(), nonce)))
  if (first === undefined) return []
  const input = loginWith(await phone.authorize(), nonce)
  return [
    {
      enemy: 'replayed',
      what: 'used nonce, fresh token',
      send: () => lab.oneTap(input),
      opens: exchange => secondEntry(lab, exchange, first),
    },
  ]
}

/** A token that was spent, with a fresh nonce; again, the same session is no entry. */
async function spentToken(lab: Lab): Promise<Shot[]> {
  const issued = await (await lab.handset()).authorize()
  const first = await lab.possess(await lab.oneTap(loginWith(issued, await lab.nonce())))
  if (first === undefined) return []
  const input = loginWith(issued, await lab.nonce())
  return [
    {
      enemy: 'replayed',
      what: 'spent carrier token, fresh nonce',
      send: () => lab.oneTap(input),
      opens: exchange => secondEntry(lab, exchange, first),
    },
  ]
}

async function secondEntry(lab: Lab, exchange: Exchange, first: Possession): Promise<Try['got']> {
  const again = await lab.possess(exchange)
  return entryIf(again !== undefined && fingerprint(again.credential) !== fingerprint(first.credential))
}

/** The session that a number's former holder kept, cut by a notice that the target accepted; and the new holder's login. */
async function formerHolder(lab: Lab): Promise<{ shots: Shot[]; missing?: string }> {
  if (!lab.has('rebind')) return { shots: [], missing: 'the target takes no notices (no operation rebind)' }
  const phone = await lab.handset()
  const { account, credential } = await signIn(lab, phone)
  if (account === null || credential === null) return { shots: [], missing: 'the former holder could not log in' }
  const moved = await lab.life('reissued', phone)
  if ((await lab.rebind(moved.notice)).reading.kind !== 'granted')
    return { shots: [], missing: 'the target did not accept the notice' }
  await waitForEnd(lab, credential, lab.limits.revocationWithinMs)
  const input = loginWith(await moved.handset.authorize(), await lab.nonce())
  const ofFormer = ({ reading }: Exchange): boolean => reading.kind === 'granted' && reading.account === account
  return {
    shots: [
      {
        enemy: 'reissued',
        what: "former holder's session",
        send: () => lab.me({ credential }),
        opens: async exchange => entryIf(ofFormer(exchange)),
      },
      {
        enemy: 'reissued',
        what: "new holder's login",
        send: () => lab.oneTap(input),
        async opens(exchange) {
          const own = await lab.possess(exchange)
          return own !== undefined && own.account !== account ? 'own' : entryIf(own !== undefined)
        },
      },
    ],
  }
}

function entryIf(opened: boolean): Try['got'] {
  return opened ? 'entry' : 'nothing'
}
