import { defineControl } from './define.ts'

/** What a nonce was fetched for. */
export const NONCE_PURPOSES = ['bind', 'login', 'reauth', 'verify'] as const
export type NoncePurpose = (typeof NONCE_PURPOSES)[number]

/** Where a nonce lies in its store. */
export type NonceKey = (purpose: NoncePurpose, nonce: string) => string

export default defineControl<() => NonceKey>({
  id: 'nonce-purpose',
  why: 'what the user agreed to for one thing must not be turned into another',
  sound: () => (purpose, nonce) => `nonce:${purpose}:${nonce}`,
  flaws: {
    // One kind of nonce for everything.
    'nonce-unbound': () => (_purpose, nonce) => `nonce:${nonce}`,
  },
})
