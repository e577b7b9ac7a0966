import { hmac, sha256 } from 'k6/crypto'
import type { CryptoPort } from '../../src/contract/target.ts'

/** Crypto in Go: in pure JavaScript it would cost k6 95 % of its rate. */
export const cryptoPort: CryptoPort = {
  hmacSha256: (key, text) => hmac('sha256', key, text, 'hex'),
  sha256: text => sha256(text, 'hex'),
}
