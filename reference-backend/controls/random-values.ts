import { createHash, randomBytes } from 'node:crypto'
import { defineControl } from './define.ts'

export interface RandomValues {
  /** 128 bits in base64url. */
  nonce(): string
  /** 256 bits in base64url. */
  credential(): string
}

const sound: RandomValues = {
  nonce: () => randomBytes(16).toString('base64url'),
  credential: () => randomBytes(32).toString('base64url'),
}

export default defineControl<() => RandomValues>({
  id: 'random-values',
  why: 'what can be computed from earlier values needs no stealing',
  sound: () => sound,
  flaws: {
    // A counter in the place of chance: unique, which is what the tests looked at.
    'nonce-predictable': () => {
      let issued = 0
      return {
        ...sound,
        nonce: () => {
          const bytes = Buffer.alloc(16)
          bytes.writeUInt32BE(++issued, 12)
          return bytes.toString('base64url')
        },
      }
    },
    // Long and random to look at: the digest of a counter.
    'weak-session-id': () => {
      let issued = 0
      return { ...sound, credential: () => createHash('sha256').update(String(++issued)).digest('base64url') }
    },
  },
})
