import type { Lab } from '../../src/contract/attack.ts'
import type { CarrierId } from '../../src/contract/carriers.ts'
import type { IssuedToken } from '../../src/contract/journal.ts'
import type { Json } from '../../src/contract/json.ts'
import type { OneTapInput } from '../../src/contract/target.ts'

/** Carriers let a number hold 30 unused tokens within ten minutes (China Mobile's code 103911, [S1]); a new phone is taken before. */
const TOKENS_PER_PHONE = 20

/** Genuine, unspent tokens of the attacker's own phones, as many as asked for, all of one carrier. */
export async function ownTokens(lab: Lab, wanted?: CarrierId): Promise<{ carrier: CarrierId; next(): Promise<IssuedToken> }> {
  let phone = await lab.handset(wanted)
  let left = TOKENS_PER_PHONE
  const { carrier } = phone.sim
  return {
    carrier,
    async next() {
      if (left-- === 0) {
        phone = await lab.handset(carrier)
        left = TOKENS_PER_PHONE - 1
      }
      return phone.authorize()
    },
  }
}

/** An honest phone's login with this nonce; a forgery spreads it and puts its own token in place (`undefined` leaves it out). */
export function loginWith(issued: IssuedToken, nonce: Json | undefined): OneTapInput {
  const { carrier, appId, token, authCode } = issued
  return { carrier, appId, token, nonce, ...(authCode === undefined ? {} : { authCode }) }
}
