import type { HandsetSim, IssuedToken } from '../contract/journal.ts'
import { mintAuthCode, mintToken, type TokenPurpose } from '../contract/token.ts'

/** Above every index that load reaches, below those the handsets' own tokens begin at. Each subscriber has a block of its own. */
const FIRST_INDEX = 0x6000_0000
const TOKENS_PER_SUBSCRIBER = 32

export interface AgedTokenWish {
  appId: string
  appIndex: number
  purpose: TokenPurpose
  /** How long ago it was issued, milliseconds. */
  ageMs: number
}

/**
 * Tokens a SIM card was given in the past. The carrier cannot be asked for them, and turning its clock would disturb everybody,
 * so they are minted here as load mints its own: the mock checks such tokens by arithmetic, not by a list of what it issued.
 */
export function agedTokens(seed: number, now: () => number): (sim: HandsetSim, wish: AgedTokenWish) => IssuedToken {
  const given = new Map<number, number>()
  return (sim, { appId, appIndex, purpose, ageMs }) => {
    const { carrier, index: subscriberIndex } = sim
    const nth = given.get(subscriberIndex) ?? 0
    given.set(subscriberIndex, nth + 1)
    if (nth >= TOKENS_PER_SUBSCRIBER) throw new RangeError(`a phone has only ${TOKENS_PER_SUBSCRIBER} tokens of the past`)
    const tokenIndex = FIRST_INDEX + subscriberIndex * TOKENS_PER_SUBSCRIBER + nth
    const issuedAtMs = now() - ageMs
    const generation = generationOf(sim.imsi)
    const token = mintToken(seed, { carrier, tokenIndex, subscriberIndex, generation, appIndex, purpose, issuedAtMs })
    const authCode = carrier === 'china-telecom' ? { authCode: mintAuthCode(seed, tokenIndex) } : {}
    return { provider: carrier, carrier, appId, token, expiresInMs: 0, ...authCode }
  }
}

/** Digits 6 to 8 of an IMSI count the SIM cards of a number (contract/people.ts). */
function generationOf(imsi: string): number {
  return Number(imsi.slice(5, 8))
}
