import type { HandsetSim, IssuedToken } from '../contract/journal.ts'
import type { Rng } from '../contract/rng.ts'
import { HANDSET_TOKEN_BASE, mintAuthCode, mintToken, type TokenPurpose } from '../contract/token.ts'

/** Above every index that load reaches, below those the handsets' own tokens begin at. */
const FIRST_INDEX = 0x7f00_0000

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
export function agedTokens(seed: number, rng: Rng, now: () => number): (sim: HandsetSim, wish: AgedTokenWish) => IssuedToken {
  let next = FIRST_INDEX + rng.below(HANDSET_TOKEN_BASE - FIRST_INDEX - 0x1_0000)
  return (sim, { appId, appIndex, purpose, ageMs }) => {
    const tokenIndex = next++
    const { carrier, index: subscriberIndex } = sim
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
