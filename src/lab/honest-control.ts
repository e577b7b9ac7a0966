import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange, Handset, Lab, Possession } from '../contract/attack.ts'
import type { IssuedToken } from '../contract/journal.ts'

/** Before each further try. The last is longer than backends commonly leave a carrier alone that has just failed. */
const PAUSES_MS = [0, 250, 1_250]
const CREDENTIAL_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * The honest case around each attack: a fresh number logs in, `me` shows its account, the carrier was asked once, and `me`
 * knows nothing about an invented credential (else possession would prove nothing). Returns what did not hold.
 * A target that limits strictly or sheds load honestly may refuse once: the login is tried up to three times.
 */
export async function honestControl(lab: Lab): Promise<string | undefined> {
  const invented = await lab.me({ credential: lab.rng.text(40, CREDENTIAL_ALPHABET) })
  if (invented.reading.kind === 'granted') return 'an invented credential opens an account, so nothing can be proved by one'

  const handset = await lab.handset()
  let complaint: string | undefined
  for (const pauseMs of PAUSES_MS) {
    if (pauseMs > 0) await sleep(pauseMs)
    complaint = await oneLogin(lab, handset)
    if (complaint === undefined) return undefined
  }
  return complaint
}

async function oneLogin(lab: Lab, handset: Handset): Promise<string | undefined> {
  const nonce = await lab.nonce()
  const issued = await handset.authorize()
  const exchange = await lab.oneTap(inputOf(issued, nonce))
  if (exchange.reading.kind !== 'granted')
    return `an honest login was not granted: ${said(exchange)}; ${await carriersSaid(lab, issued.token)}`
  const possession: Possession | undefined = await lab.possess(exchange)
  if (possession === undefined) return 'an honest login was granted, but nothing in the reply opens an account'
  const calls = (await lab.carrierCalls([issued.token])).length
  if (calls !== 1) return `an honest login made ${calls} carrier calls, not one`
  return undefined
}

function inputOf({ carrier, appId, token, authCode }: IssuedToken, nonce: string | undefined) {
  return { carrier, appId, token, nonce, ...(authCode === undefined ? {} : { authCode }) }
}

/** Whoever connects a backend of their own sees here whether the carrier or the backend said no. */
async function carriersSaid(lab: Lab, token: string): Promise<string> {
  const rows = await lab.carrierCalls([token])
  if (rows.length === 0) return 'no carrier was asked about its token'
  return `answer of the carrier: ${rows.map(({ provider, resultCode }) => `${provider} ${resultCode || 'none'}`).join(', ')}`
}

function said({ status, reading }: Exchange): string {
  switch (reading.kind) {
    case 'failed':
      return reading.reason
    case 'refused':
      return `status ${status}${reading.code === undefined ? '' : `, ${reading.code}`}`
    case 'granted':
      return `status ${status}`
  }
}
