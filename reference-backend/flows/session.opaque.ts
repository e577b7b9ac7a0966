import { createHash, randomBytes } from 'node:crypto'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import { cutIdentity, cutKey, SESSION_LIFE_MS, type SessionFlow } from './session.ts'

/** 256 bits in base64url. */
const CREDENTIAL_SHAPE = /^[A-Za-z0-9_-]{43}$/

/** token_a as a random value; the store holds its digest, so reading the store gives nobody a session. */
export function opaqueSessions(store: EphemeralStore): SessionFlow {
  return {
    issue: async ({ accountId, identityId }) => {
      const credential = randomBytes(32).toString('base64url')
      await store.put(sessionKey(digestOf(credential)), `${accountId} ${identityId}`, SESSION_LIFE_MS)
      return credential
    },
    open: async credential => {
      if (!CREDENTIAL_SHAPE.test(credential)) return undefined
      const sessionId = digestOf(credential)
      const [accountId, identityId] = (await store.get(sessionKey(sessionId)))?.split(' ') ?? []
      if (accountId === undefined || identityId === undefined) return undefined
      return (await store.hasAny([cutKey(identityId)])) ? undefined : { accountId, identityId, sessionId }
    },
    end: session => store.drop(sessionKey(session.sessionId)),
    cutIdentity: identityId => cutIdentity(store, identityId),
  }
}

function digestOf(credential: string): string {
  return createHash('sha256').update(credential).digest('base64url')
}

function sessionKey(sessionId: string): string {
  return `session:${sessionId}`
}
