import { webcrypto } from 'node:crypto'
import { openCarriers } from './carriers/open.ts'
import { type ArmedControls, armControls, flawList } from './controls/arm.ts'
import type { ErrorBoundary } from './controls/error-boundary.ts'
import type { Settings } from './environment.ts'
import { type IssuedNonce, nonceFlow } from './flows/nonce.ts'
import { type OneTapFlow, oneTapFlow } from './flows/one-tap.ts'
import { type RebindFlow, rebindFlow } from './flows/reissued.ts'
import { jwtSessions } from './flows/session.jwt.ts'
import { opaqueSessions } from './flows/session.opaque.ts'
import type { SessionFlow } from './flows/session.ts'
import type { IdentityReport } from './routes/identity.ts'
import type { AccountStore } from './stores/accounts.ts'
import type { EphemeralStore } from './stores/ephemeral.ts'
import { openStores } from './stores/open.ts'
import { BACKEND_NAME, BACKEND_VERSION } from './version.ts'

/** Everything the routes need, wired once. */
export interface Backend {
  identity: IdentityReport
  errorBoundary: ErrorBoundary
  issueNonce: () => Promise<IssuedNonce>
  oneTap: OneTapFlow
  sessions: SessionFlow
  rebind: RebindFlow
  accounts: AccountStore
  rebindSecret: string | undefined
  nowMs: () => number
  /** Lets go of stores and carrier connections. */
  close(): Promise<void>
}

/** Opens stores (running migrations) and carriers, arms the controls, wires the flows. Throws when a store cannot be reached. */
export async function openBackend(settings: Settings, nowMs: () => number = Date.now): Promise<Backend> {
  const controls = armControls(settings.flaws)
  const { accounts, ephemeral } = await openStores(settings.stores, nowMs)
  const carriers = openCarriers(settings.carriers, nowMs)
  const sessions = await openSessions(settings, controls, ephemeral, nowMs)
  const consumeNonce = controls['nonce-single-use'](ephemeral)
  const part = controls['reissue-unbinds']({
    cutSessions: identityId => sessions.cutIdentity(identityId),
    unbind: identityId => accounts.unbind(identityId),
  })
  return {
    identity: identityOf(settings),
    errorBoundary: controls['error-boundary'](),
    issueNonce: nonceFlow(ephemeral, settings.nonceTtlMs),
    oneTap: oneTapFlow({
      carriers,
      trust: controls['carrier-token-verified'](),
      requireNonce: controls['nonce-issued'](consumeNonce),
      firstUse: controls['carrier-token-once'](ephemeral),
      accounts,
      sessions,
      extraDelayMs: settings.extraDelayMs,
      nowMs,
    }),
    sessions,
    rebind: rebindFlow({ accounts, newOwner: controls['reissue-told-apart'](), part, nowMs }),
    accounts,
    rebindSecret: settings.rebindSecret,
    nowMs,
    close: async () => {
      for (const carrier of carriers.values()) carrier.close()
      await Promise.all([accounts.close(), ephemeral.close()])
    },
  }
}

async function openSessions(
  settings: Settings,
  controls: ArmedControls,
  store: EphemeralStore,
  nowMs: () => number,
): Promise<SessionFlow> {
  if (settings.session === 'opaque') return opaqueSessions(store)
  // Imported once: jose would otherwise build a key from the bytes for each token.
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const secret = await webcrypto.subtle.importKey('raw', settings.jwtSecret, algorithm, false, ['sign', 'verify'])
  return jwtSessions({ store, secret, verify: controls['jwt-signature'](secret), nowMs })
}

function identityOf(settings: Settings): IdentityReport {
  return {
    runId: settings.runId,
    role: 'target',
    name: BACKEND_NAME,
    version: BACKEND_VERSION,
    flaws: flawList(settings.flaws),
    session: settings.session,
    stores: settings.stores.kind,
    pid: process.pid,
  }
}
