import { type KeyObject, randomBytes } from 'node:crypto'
import type { KeyAndIv } from './aes.ts'
import { sealWithPrivate } from './rsa.ts'

/** Key and IV of a reply, and the same wrapped for the reader: base64 of the block that the platform's public key opens. */
export interface ReplyKey {
  keyAndIv: KeyAndIv
  wrapped: string
}

const KEEP_MS = 1000

/**
 * Makes reply keys. Wrapping is an RSA private operation, the dearest thing in the exchange, so one key serves all replies of a
 * second; a reader cannot tell. `eachAnew` asks whether every reply is to have its own nevertheless.
 */
export function replyKeys(privateKey: KeyObject, wallMs: () => number, eachAnew: () => boolean): () => ReplyKey {
  let madeAtMs = Number.NEGATIVE_INFINITY
  let current: ReplyKey | undefined
  return () => {
    const nowMs = wallMs()
    if (current === undefined || eachAnew() || Math.abs(nowMs - madeAtMs) > KEEP_MS) {
      const keyAndIv = randomBytes(16).toString('hex')
      current = { keyAndIv, wrapped: sealWithPrivate(privateKey, keyAndIv).toString('base64') }
      madeAtMs = nowMs
    }
    return current
  }
}
