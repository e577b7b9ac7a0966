import { createSecretKey, webcrypto } from 'node:crypto'
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

async function openJwtForm({ jwt, jwtPrevious }: Settings, controls: ArmedControls, nowMs: () => number): Promise<TokenForm> {
  const secret = controls['jwt-secret'](jwt.secret)
  const keys = new Map([[jwt.kid, await imported(secret)]])
  if (jwtPrevious !== undefined) keys.set(jwtPrevious.kid, await imported(jwtPrevious.secret))
  const fixed: JwtKeys = keys
  return jwtForm({
    signing: { kid: jwt.kid, key: createSecretKey(secret) },
    readSigned: controls['jwt-signature'](fixed),
    claimsHold: controls['jwt-claims'](nowMs),
    nowMs,
  })
}

/** Once: jose would otherwise build a key from the bytes for each token. */
function imported(secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return webcrypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}
