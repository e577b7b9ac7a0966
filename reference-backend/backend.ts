import { type ArmedControls, armControls, flawList } from './controls/arm.ts'
import type { ConnectionDeadlines } from './controls/connection-deadlines.ts'
import type { ErrorBoundary } from './controls/error-boundary.ts'
import type { AdmitNonce } from './controls/nonce-issue-bounded.ts'
import type { IsAuthentic } from './controls/notice-authentic.ts'
import type { MayLook } from './controls/owner-checked.ts'
import type { SourceAddress } from './controls/source-address.ts'
import type { DialectId } from './dialects/dialect.ts'
import type { Settings } from './environment.ts'
import { type NonceFlow, nonceFlow } from './flows/nonce.ts'
import { type Flows, openFlows } from './flows/open-flows.ts'
import type { SessionFlow } from './flows/session.ts'
import type { Outbox } from './messages/outbox.ts'
import { type RequestCounts, requestCounts } from './observe/request-counts.ts'
import { type StageTimes, stageTimes } from './observe/stage-times.ts'
import { openSessions, publicKeySet } from './open-sessions.ts'
import { openOutside } from './outside.ts'
import type { IdentityReport } from './routes/house.ts'
import type { AccountStore } from './stores/accounts.ts'
import { EmbeddedEphemeralStore } from './stores/ephemeral.embedded.ts'
import { openStores, type Stores } from './stores/open.ts'
import { BACKEND_NAME, BACKEND_VERSION } from './version.ts'

/** Everything the routes need, wired once. */
export interface Backend {
  identity: IdentityReport
  publicKeys: ReturnType<typeof publicKeySet>
  flows: Flows
  nonces: NonceFlow
  sessions: SessionFlow
  accounts: AccountStore
  /** For another instance over the same ones. */
  stores: Stores
  speech: { dialect: DialectId; seed: number }
  counts: RequestCounts
  stages: StageTimes
  errorBoundary: ErrorBoundary
  admitNonce: AdmitNonce
  isAuthentic: IsAuthentic
  mayLook: MayLook
  sourceAddress: SourceAddress
  deadlines: ConnectionDeadlines
  bodyLimitBytes: number
  trustedProxies: readonly string[]
  rebindSecret: string | undefined
  /** E-mails that would have been sent. */
  outbox: Outbox
  nowMs: () => number
  /** Lets go of stores and connections, once what was being written is. */
  close(): Promise<void>
}

/**
 * Opens stores (running migrations) and connections, arms the controls, wires the flows. `stores`: those of another backend, for
 * several instances over one store, which count their replies together (`counts`) or each for itself. Throws when a store cannot be reached.
 */
export async function openBackend(
  settings: Settings,
  nowMs: () => number = Date.now,
  stores?: Stores,
  counts: RequestCounts = requestCounts(),
): Promise<Backend> {
  const controls = armControls(settings.flaws)
  const opened = stores ?? (await openStores(settings.stores, nowMs, controls['sql-parameters']))
  const accounts = await controls['identity-unique'](opened.accounts)
  const local = new EmbeddedEphemeralStore(nowMs)
  const ephemeral = controls['store-outage'](opened.ephemeral, local)
  const outside = openOutside(settings, controls, nowMs)
  const random = controls['random-values']()
  const sessions = await openSessions(settings, controls, random, ephemeral, nowMs)
  const stages = stageTimes(settings.stageTiming)
  const nonces = nonceFlow(controls, { shared: ephemeral, local, random, ttlMs: settings.nonceTtlMs, stages })
  const flows = openFlows({ settings, controls, outside, accounts, ephemeral, sessions, nonces, stages, nowMs })
  return {
    identity: identityOf(settings),
    publicKeys: publicKeySet(settings),
    flows,
    nonces,
    sessions,
    accounts,
    stores: opened,
    speech: { dialect: settings.dialect, seed: settings.dialectSeed },
    counts,
    stages,
    ...routeControls(settings, controls, nowMs),
    trustedProxies: settings.trustedProxies,
    rebindSecret: settings.rebindSecret,
    outbox: outside.outbox,
    nowMs,
    close: async () => {
      outside.close()
      await flows.audit.drain()
      await Promise.all([local.close(), ...(stores === undefined ? [accounts.close(), ephemeral.close()] : [])])
    },
  }
}

/** Controls at the edge: what a request may look like before any flow sees it. */
function routeControls(settings: Settings, controls: ArmedControls, nowMs: () => number) {
  return {
    errorBoundary: controls['error-boundary'](),
    admitNonce: controls['nonce-issue-bounded'](settings.limits['nonce-source-minute'], nowMs),
    isAuthentic: controls['notice-authentic'](),
    mayLook: controls['owner-checked'](),
    sourceAddress: controls['source-address'](),
    deadlines: controls['connection-deadlines'](),
    bodyLimitBytes: controls['input-bounds']().bodyLimitBytes,
  }
}

function identityOf(settings: Settings): IdentityReport {
  return {
    runId: settings.runId,
    role: 'target',
    name: BACKEND_NAME,
    version: BACKEND_VERSION,
    flaws: flawList(settings.flaws),
    session: settings.session,
    dialect: settings.dialect,
    stores: settings.stores.kind,
    pid: process.pid,
  }
}
