import { createPublicKey, createSecretKey, type KeyObject, webcrypto } from 'node:crypto'
import type { CryptoKey } from 'jose'
import type { ArmedControls } from './controls/arm.ts'
import type { JwtKeys } from './controls/jwt-signature.ts'
import type { RandomValues } from './controls/random-values.ts'
import type { Settings } from './environment.ts'
import { jwtForm } from './flows/session.jwt.ts'
import { opaqueForm } from './flows/session.opaque.ts'
import { type SessionFlow, sessionFlow, type TokenForm } from './flows/session.ts'
import type { EphemeralStore } from './stores/ephemeral.ts'

/** Sessions in the form the settings name. */
export async function openSessions(
  settings: Settings,
  controls: ArmedControls,
  random: RandomValues,
  store: EphemeralStore,
  nowMs: () => number,
): Promise<SessionFlow> {
  const form =
    settings.session === 'jwt'
      ? await openJwtForm(settings, controls, nowMs)
      : opaqueForm({ store, choose: controls['session-id-fresh'](() => random.credential()) })
  return sessionFlow({
    form,
    store,
    nowMs,
    firstRefresh: controls['refresh-rotated'](store),
    endSession: controls['logout-revokes'](store),
  })
}

async function openJwtForm(settings: Settings, controls: ArmedControls, nowMs: () => number): Promise<TokenForm> {
  const { key, keys } = await (settings.jwtPrivateKey === undefined
    ? secretKeys(settings, controls)
    : rsaKeys(settings.jwt.kid, settings.jwtPrivateKey))
  return jwtForm({
    signing: { kid: settings.jwt.kid, key },
    readSigned: controls['jwt-signature'](keys),
    claimsHold: controls['jwt-claims'](nowMs),
    nowMs,
  })
}

interface SigningKeys {
  key: KeyObject
  keys: JwtKeys
}

async function secretKeys({ jwt, jwtPrevious }: Settings, controls: ArmedControls): Promise<SigningKeys> {
  const secret = controls['jwt-secret'](jwt.secret)
  const byId = new Map([[jwt.kid, await imported(secret)]])
  if (jwtPrevious !== undefined) byId.set(jwtPrevious.kid, await imported(jwtPrevious.secret))
  return { key: createSecretKey(secret), keys: { algorithm: 'HS256', byId, publicPem: undefined } }
}

async function rsaKeys(kid: string, key: KeyObject): Promise<SigningKeys> {
  const publicKey = createPublicKey(key)
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
  const verifying = await webcrypto.subtle.importKey('spki', spki, algorithm, false, ['verify'])
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return { key, keys: { algorithm: 'RS256', byId: new Map([[kid, verifying]]), publicPem } }
}

/** The public keys that our tokens can be checked by (RFC 7517): none where a secret signs them or they are opaque. */
export function publicKeySet({ jwt, jwtPrivateKey, session }: Settings): { keys: Record<string, unknown>[] } {
  if (jwtPrivateKey === undefined || session === 'opaque') return { keys: [] }
  const { kty, n, e } = createPublicKey(jwtPrivateKey).export({ format: 'jwk' })
  return { keys: [{ kty, n, e, kid: jwt.kid, alg: 'RS256', use: 'sig' }] }
}

/** Once: jose would otherwise build a key from the bytes for each token. */
function imported(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return webcrypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}
