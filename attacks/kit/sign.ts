import { createHmac } from 'node:crypto'
import type { Json } from '../../src/contract/json.ts'
import { encodeJson, type JwtParts, joinJwt } from './jwt.ts'

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const
export type HmacAlgorithm = keyof typeof HASHES

/** A token as the attacker would have it, signed with a key of his. `header` is laid over the genuine one. */
export function signedWithSecret(
  jwt: JwtParts,
  header: Readonly<Record<string, Json>>,
  payload: Json,
  secret: string | Buffer,
  alg: HmacAlgorithm = 'HS256',
): string {
  const head = encodeJson({ ...jwt.headerJson, alg, ...header })
  const body = encodeJson(payload)
  const signature = createHmac(HASHES[alg], secret).update(`${head}.${body}`).digest('base64url')
  return joinJwt(jwt, head, body, signature)
}

/** Whether a token says that it is signed with a shared secret. */
export function isHmac(alg: Json | undefined): alg is HmacAlgorithm {
  return typeof alg === 'string' && Object.hasOwn(HASHES, alg)
}
