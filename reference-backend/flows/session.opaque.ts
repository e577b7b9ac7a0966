import { createHash } from 'node:crypto'
import type { ChooseCredential } from '../controls/session-id-fresh.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import type { SealedClaims, TokenForm, TokenKind } from './session.ts'

export interface OpaqueParts {
  store: EphemeralStore
  choose: ChooseCredential
}

/** 256 bits in base64url. */
const CREDENTIAL_SHAPE = /^[A-Za-z0-9_-]{43}$/

/** Tokens as random values; the store holds their digests, so reading the store gives nobody a session. */
export function opaqueForm({ store, choose }: OpaqueParts): TokenForm {
  return {
    seal: async (kind, claims, lifeMs, proposed) => {
      const token = choose(proposed)
      await store.put(tokenKey(kind, digestOf(token)), JSON.stringify(claims), lifeMs)
      return token
    },
    open: async (kind, token) => {
      if (!CREDENTIAL_SHAPE.test(token)) return undefined
      const tokenId = digestOf(token)
      const text = await store.get(tokenKey(kind, tokenId))
      return text === undefined ? undefined : { ...(JSON.parse(text) as SealedClaims), tokenId }
    },
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

function tokenKey(kind: TokenKind, digest: string): string {
  return `${kind}:${digest}`
}
