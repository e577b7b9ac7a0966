import { createHmac, timingSafeEqual } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import path from 'node:path'
import {
  type CryptoKey,
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  importJWK,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose'
import { defineControl } from './define.ts'

export interface SignedJwt {
  header: ProtectedHeaderParameters
  payload: JWTPayload
}

/** What tokens are checked by. */
export interface JwtKeys {
  /** The one that we sign by, whatever a token says of itself. */
  algorithm: 'HS256' | 'RS256'
  /** Keys by their id: the one that signs and those that signed before it. */
  byId: ReadonlyMap<string, CryptoKey>
  /** The public key as everybody can have it, where there is one. */
  publicPem: string | undefined
}

/** Header and payload of a JWT that we signed, or undefined. What they say is judged by jwt-claims. */
export type ReadSignedJwt = (jwt: string) => Promise<SignedJwt | undefined>

export default defineControl<(keys: JwtKeys) => ReadSignedJwt>({
  id: 'jwt-signature',
  why: 'a credential that travels with the client is only as true as the signature that is checked',
  sound,
  flaws: {
    // The library's "unsecured" mode left on; names of algorithms compared without regard to case.
    'alg-none': keys => {
      const read = sound(keys)
      return async jwt => {
        const [header, payload] = jwt.split('.')
        const unsigned = `${header}.${payload}.`
        if (String(algorithmOf(unsigned)).toLowerCase() !== 'none') return read(jwt)
        return valid(() => decoded(unsigned))
      }
    },
    // Decoded where verified was meant: the two functions take the same argument and return the same thing.
    unverified: keys => async jwt => (algorithmOf(jwt) === keys.algorithm ? valid(() => decoded(jwt)) : undefined),
    // The key is handed to a function that takes its algorithm from the token, and to HMAC a public key is a secret like any other.
    'alg-confusion': keys => {
      const read = sound(keys)
      return async jwt => {
        if (keys.publicPem === undefined || algorithmOf(jwt) !== 'HS256') return read(jwt)
        return isSignedBy(jwt, Buffer.from(keys.publicPem)) ? valid(() => decoded(jwt)) : undefined
      }
    },
    // Keys lie in files named after their ids, and an id nobody knows is looked for all the same.
    'jwt-kid-lookup': keys => {
      const read = sound(keys)
      return async jwt => {
        const kid = kidOf(jwt)
        if (typeof kid !== 'string' || keys.byId.has(kid)) return read(jwt)
        const key = keyFile(kid)
        return key !== undefined && isSignedBy(jwt, key) ? valid(() => decoded(jwt)) : undefined
      }
    },
    // A token may bring its own key: handy while the keys are still being rolled out.
    'jwt-header-key': keys => {
      const read = sound(keys)
      return async jwt => (await valid(() => verifiedByOwnKey(jwt))) ?? read(jwt)
    },
  },
})

function sound(keys: JwtKeys): ReadSignedJwt {
  return jwt =>
    valid(async () => {
      const { protectedHeader } = await compactVerify(
        jwt,
        header => {
          const key = typeof header.kid === 'string' ? keys.byId.get(header.kid) : undefined
          if (key === undefined) throw new errors.JWKSNoMatchingKey()
          return key
        },
        { algorithms: [keys.algorithm] },
      )
      return { header: protectedHeader, payload: decodeJwt(jwt) }
    })
}

function decoded(jwt: string): SignedJwt {
  return { header: decodeProtectedHeader(jwt), payload: decodeJwt(jwt) }
}

async function verifiedByOwnKey(jwt: string): Promise<SignedJwt | undefined> {
  const { jwk, alg } = decodeProtectedHeader(jwt)
  if (jwk === undefined || typeof alg !== 'string') return undefined
  await compactVerify(jwt, await importJWK(jwk, alg), { algorithms: [alg] })
  return decoded(jwt)
}

/** At most 4 KiB: a device file never ends. */
function keyFile(kid: string): Buffer | undefined {
  try {
    const file = openSync(path.resolve('keys', kid), 'r')
    try {
      const bytes = Buffer.alloc(4096)
      return bytes.subarray(0, readSync(file, bytes))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}

function isSignedBy(jwt: string, key: Buffer): boolean {
  const end = jwt.lastIndexOf('.')
  const mac = createHmac('sha256', key).update(jwt.slice(0, end)).digest()
  const given = Buffer.from(jwt.slice(end + 1), 'base64url')
  return algorithmOf(jwt) === 'HS256' && given.length === mac.length && timingSafeEqual(given, mac)
}

/** Whatever the header says; undefined when there is no header to read. */
function algorithmOf(jwt: string): unknown {
  return headerOf(jwt)?.alg
}

function kidOf(jwt: string): unknown {
  return headerOf(jwt)?.kid
}

function headerOf(jwt: string): ProtectedHeaderParameters | undefined {
  try {
    return decodeProtectedHeader(jwt)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** What `read` finds, or undefined when jose says that the token or the key in it is no good. */
async function valid<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError || isBadKey(error)) return undefined
    throw error
  }
}

/** WebCrypto's own errors for a key that is none. */
function isBadKey(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'DataError' || error.name === 'NotSupportedError')
}
