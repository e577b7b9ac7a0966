import type { Handset, Lab } from '../../src/contract/attack.ts'
import { loginWith } from './tokens.ts'

/** Proves once more who is logged in, by a token of the account's own phone. Undefined when the target says no, or asks for no ticket. */
export async function reauthTicket(lab: Lab, credential: string, phone: Handset): Promise<string | undefined> {
  if (!lab.has('reauth')) return undefined
  const nonce = await lab.nonce({ purpose: 'reauth' })
  const proof = { kind: 'one-tap' as const, ...loginWith(await phone.authorize(), nonce) }
  const { reading } = await lab.send('reauth', { credential, proof })
  return reading.kind === 'granted' ? reading.ticket : undefined
}

/** Binds another phone to an account, with all the proof a target may ask for. Whether it was taken. */
export async function bindPhone(lab: Lab, credential: string, own: Handset, another: Handset): Promise<boolean> {
  const ticket = await reauthTicket(lab, credential, own)
  const nonce = await lab.nonce({ purpose: 'bind' })
  const identity = { kind: 'one-tap' as const, ...loginWith(await another.authorize(), nonce) }
  const { reading } = await lab.send('bind', { credential, identity, ...(ticket === undefined ? {} : { ticket }) })
  return reading.kind === 'granted'
}
