import type { Exchange, Handset, Lab, SmsMessage } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import type { IdentityProof, Reading, SmsPurpose } from '../../src/contract/target.ts'
import { isRefusal } from './attempt.ts'
import { enter, type SignedIn } from './sign-in.ts'
import { loginWith } from './tokens.ts'

/** A request that is no login, and how it was answered. Plain JSON: part of saved observations. */
export type Step = { exchange: number; status: number; reading: Reading['kind'] }

const TRIES = 3
const PAUSE_MS = 250
const MESSAGE_WITHIN_MS = 1_000
const LETTERS_AND_DIGITS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

export function stepOf({ id, status, reading }: Exchange): Step {
  return { exchange: id, status, reading: reading.kind }
}

/** Sends until there is a plain answer, at most three times: a strict limiter or an honest 503 may say something else for a moment. */
export async function plainly(lab: Lab, send: () => Promise<Exchange>): Promise<Exchange> {
  for (let tries = 1; ; tries++) {
    const exchange = await send()
    const { status, reading } = exchange
    if (reading.kind === 'granted' || isRefusal({ status, reading: reading.kind }) || tries === TRIES) return exchange
    await lab.eventually(async () => false, PAUSE_MS)
  }
}

/** The phone's own number as proof of an identity, by a fresh carrier token. */
export async function phoneProof(lab: Lab, phone: Handset, purpose: 'bind' | 'reauth'): Promise<IdentityProof> {
  const issued = await phone.authorize()
  return { kind: 'one-tap', ...loginWith(issued, await lab.nonce({ purpose })) }
}

/** Proves once more who holds a session, by its own phone. Empty where the target knows no tickets or gave none. */
export async function freshTicket(lab: Lab, phone: Handset, credential: string): Promise<{ ticket?: string }> {
  if (!lab.has('reauth')) return {}
  const { reading } = await plainly(lab, async () =>
    lab.send('reauth', { credential, proof: await phoneProof(lab, phone, 'reauth') }),
  )
  return reading.kind === 'granted' && reading.ticket !== undefined ? { ticket: reading.ticket } : {}
}

/** Binds an identity to the account that is logged in, with a fresh ticket of its phone. */
export function bindWith(
  lab: Lab,
  phone: Handset,
  credential: string,
  identity: () => Promise<IdentityProof>,
): Promise<Exchange> {
  return plainly(lab, async () =>
    lab.send('bind', { credential, ...(await freshTicket(lab, phone, credential)), identity: await identity() }),
  )
}

/** Sets the first password of an account, with a fresh ticket of its phone. */
export function firstPassword(lab: Lab, phone: Handset, credential: string, newPassword: string): Promise<Exchange> {
  return plainly(lab, async () =>
    lab.send('passwordChange', { credential, newPassword, ...(await freshTicket(lab, phone, credential)) }),
  )
}

/** A password that every rule about passwords likes. */
export function newPassword(lab: Lab): string {
  return `${lab.rng.text(14, LETTERS_AND_DIGITS)}-Aa7`
}

/** Has a code sent as `spelling` says, and reads it where it arrived: on the phone that holds `inbox`. `reply`: what was answered. */
export async function codeFor(
  lab: Lab,
  inbox: string,
  purpose: SmsPurpose = 'login',
  spelling: Json = inbox,
): Promise<{ step: Step; code: string | undefined; reply: string }> {
  const before = new Set((await lab.messages(inbox)).map(({ seq }) => seq))
  const exchange = await plainly(lab, () => lab.send('smsSend', { number: spelling, purpose }))
  let arrived: SmsMessage | undefined
  if (exchange.reading.kind === 'granted')
    await lab.eventually(async () => {
      arrived = (await lab.messages(inbox)).findLast(({ seq }) => !before.has(seq))
      return arrived !== undefined
    }, MESSAGE_WITHIN_MS)
  const code = arrived === undefined ? undefined : codeIn(arrived)
  return { step: stepOf(exchange), code, reply: lab.textOf(exchange) }
}

/** The code in a message, whatever its template calls it. */
function codeIn({ params }: SmsMessage): string | undefined {
  return Object.values(params).find(value => /^\d{4,8}$/.test(value))
}

export function smsLogin(lab: Lab, number: Json, code: Json): Promise<SignedIn> {
  return enter(lab, () => lab.send('smsLogin', { number, code }))
}

export function passwordLogin(lab: Lab, identifier: Json, password: Json): Promise<SignedIn> {
  return enter(lab, () => lab.send('passwordLogin', { identifier, password }))
}
