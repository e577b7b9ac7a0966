import { constants, generateKeyPair, type KeyObject, privateDecrypt, privateEncrypt, publicEncrypt } from 'node:crypto'
import { promisify } from 'node:util'

/** The carriers' documents all speak of 1024-bit keys: too short today, and what a backend meets. */
const MODULUS_BITS = 1024

export interface RsaPair {
  publicKey: KeyObject
  privateKey: KeyObject
}

export function rsaPair(): Promise<RsaPair> {
  return promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS })
}

/** Base64 of the DER in SPKI form. */
export function spkiBase64(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64')
}

/** Base64 of the DER in PKCS#8 form. */
export function pkcs8Base64(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'der' }).toString('base64')
}

/** Vendors that name no padding have the default of the Java, PHP and Go calls in their samples: `pkcs1`, that is v1.5. */
export type RsaPadding = 'pkcs1' | 'oaep'

export function encryptFor(key: KeyObject, plain: string, padding: RsaPadding = 'pkcs1'): Buffer {
  const kind = padding === 'oaep' ? constants.RSA_PKCS1_OAEP_PADDING : constants.RSA_PKCS1_PADDING
  return publicEncrypt({ key, padding: kind }, Buffer.from(plain))
}

/** PKCS#1 v1.5 type 1: anybody with the public key reads it. Unicom's platform wraps its reply keys so. */
export function sealWithPrivate(key: KeyObject, plain: string): Buffer {
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(plain))
}

/**
 * Opens PKCS#1 v1.5; undefined when the block does not fit the key. Bad padding gives random bytes instead of an error
 * (OpenSSL's implicit rejection), so the caller must check what it got.
 */
export function openWithPrivate(key: KeyObject, block: Buffer): Buffer | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, block)
  } catch (error) {
    if (isCryptoError(error)) return undefined
    throw error
  }
}

/** Errors that OpenSSL raises over the data it was given, as opposed to mistakes of ours. */
export function isCryptoError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_OSSL')
}
