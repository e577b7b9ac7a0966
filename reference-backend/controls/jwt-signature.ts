import { type CryptoKey, decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { defineControl } from './define.ts'

/** The payload of a JWT that is ours, or undefined. Does not look at whether the session was revoked. */
export type VerifyJwt = (jwt: string) => Promise<JWTPayload | undefined>

export default defineControl<(secret: CryptoKey) => VerifyJwt>({
  id: 'jwt-signature',
  why: 'a credential that travels with the client is only as true as the signature that is checked',
  sound,
  flaws: {
    // The library's "unsecured" mode left on; names of algorithms compared without regard to case.
    'alg-none': secret => {
      const verify = sound(secret)
      return async jwt => {
        const [header, payload] = jwt.split('.')
        const unsigned = `${header}.${payload}.`
        if (String(algorithmOf(unsigned)).toLowerCase() !== 'none') return verify(jwt)
        return valid(() => alive(decodeJwt(unsigned)))
      }
    },
    // Decoded where verified was meant: the two functions take the same argument and return the same thing.
    unverified: () => async jwt => (algorithmOf(jwt) === 'HS256' ? valid(() => alive(decodeJwt(jwt))) : undefined),
  },
})

function sound(secret: CryptoKey): VerifyJwt {
  return jwt => valid(async () => (await jwtVerify(jwt, secret, { algorithms: ['HS256'], requiredClaims: ['exp'] })).payload)
}

function alive(payload: JWTPayload): JWTPayload | undefined {
  return typeof payload.exp === 'number' && payload.exp * 1000 > Date.now() ? payload : undefined
}

/** Whatever the header says; undefined when there is no header to read. */
function algorithmOf(jwt: string): unknown {
  try {
    return decodeProtectedHeader(jwt).alg
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

/** What `read` finds, or undefined when jose says that the token is no good. */
async function valid<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}
