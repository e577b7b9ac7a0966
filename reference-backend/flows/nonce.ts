import { randomBytes } from 'node:crypto'
import { nonceKey } from '../controls/nonce-single-use.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'

export interface IssuedNonce {
  nonce: string
  expiresInMs: number
}

/** Makes nonces of 128 random bits. Their use is guarded by the controls nonce-issued and nonce-single-use. */
export function nonceFlow(store: EphemeralStore, ttlMs: number): () => Promise<IssuedNonce> {
  return async () => {
    const nonce = randomBytes(16).toString('base64url')
    await store.put(nonceKey(nonce), '1', ttlMs)
    return { nonce, expiresInMs: ttlMs }
  }
}
