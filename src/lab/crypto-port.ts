import { createHash, createHmac } from 'node:crypto'
import type { CryptoPort } from '../contract/target.ts'

/** `CryptoPort` on `node:crypto`, for target modules driven from Node. The k6 side has its own over `k6/crypto`. */
export const nodeCryptoPort: CryptoPort = {
  hmacSha256: (key, text) => createHmac('sha256', key).update(text, 'utf8').digest('hex'),
  sha256: text => createHash('sha256').update(text, 'utf8').digest('hex'),
}
