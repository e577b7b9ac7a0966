import { createCipheriv, createDecipheriv } from 'node:crypto'
import { isCryptoError } from './rsa.ts'

/** A 16-character key followed by a 16-character IV, as Unicom's envelope carries them. ASCII. */
export type KeyAndIv = string

/** How sealed bytes are written. */
export type AesEncoding = 'base64' | 'hex'

const HALF = 16

/** AES-128-CBC with PKCS#7 padding. Padding and encoding are assumed for China Unicom. */
export function sealAes(keyAndIv: KeyAndIv, plain: string, encoding: AesEncoding = 'base64'): string {
  const cipher = createCipheriv('aes-128-cbc', keyAndIv.slice(0, HALF), keyAndIv.slice(HALF))
  return cipher.update(plain, 'utf8', encoding) + cipher.final(encoding)
}

/** Undefined when key, block length or padding do not fit. */
export function openAes(keyAndIv: KeyAndIv, sealed: string, encoding: AesEncoding = 'base64'): string | undefined {
  if (!/^[\x20-\x7e]{32}$/.test(keyAndIv)) return undefined
  try {
    const decipher = createDecipheriv('aes-128-cbc', keyAndIv.slice(0, HALF), keyAndIv.slice(HALF))
    return decipher.update(sealed, encoding, 'utf8') + decipher.final('utf8')
  } catch (error) {
    if (isCryptoError(error)) return undefined
    throw error
  }
}
