import type { CarrierId } from '../src/contract/carriers.ts'
import type { IssuedToken } from '../src/contract/journal.ts'
import { HANDSET_TOKEN_BASE, mintAuthCode, mintToken, type TokenPurpose } from '../src/contract/token.ts'
import { TOKEN_LIFETIME_MS } from './token-lifetimes.ts'

/** Which load token a phone of the generator asks for. */
export interface LoadTokenWish {
  tokenIndex: number
  /** Epoch milliseconds. */
  issuedAtMs: number
}

/** Reads the wish out of a request: undefined when there is none, a text when it makes no sense. */
export function loadTokenWish(fields: Readonly<Record<string, unknown>>): LoadTokenWish | string | undefined {
  const { tokenIndex, issuedAtMs } = fields
  if (tokenIndex === undefined && issuedAtMs === undefined) return undefined
  if (!Number.isInteger(tokenIndex) || Number(tokenIndex) < 0 || Number(tokenIndex) >= HANDSET_TOKEN_BASE)
    return `tokenIndex must be a whole number below ${HANDSET_TOKEN_BASE}`
  if (!Number.isInteger(issuedAtMs) || Number(issuedAtMs) < 0) return 'issuedAtMs must be epoch milliseconds'
  return { tokenIndex: Number(tokenIndex), issuedAtMs: Number(issuedAtMs) }
}

/**
 * A token of load, as its generator would have minted it itself: no book is kept of it, and it means the same to both. Asking for
 * it is what costs, as it costs a phone.
 */
export function loadToken(
  seed: number,
  phone: { carrier: CarrierId; subscriberIndex: number; appIndex: number; appId: string; purpose: TokenPurpose },
  wish: LoadTokenWish,
): IssuedToken {
  const { carrier, subscriberIndex, appIndex, appId, purpose } = phone
  return {
    provider: carrier,
    carrier,
    appId,
    token: mintToken(seed, { carrier, subscriberIndex, appIndex, purpose, generation: 0, ...wish }),
    ...(carrier === 'china-telecom' ? { authCode: mintAuthCode(seed, wish.tokenIndex) } : {}),
    expiresInMs: TOKEN_LIFETIME_MS[carrier][purpose],
  }
}
