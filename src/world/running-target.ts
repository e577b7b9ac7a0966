import type { TargetIdentity } from '../contract/evidence.ts'
import type { OutputLog } from './output-log.ts'
import type { StoreState } from './store-proxy.ts'

/** The backend under test, whoever started it. */
export interface RunningTarget {
  /** Base URL without trailing slash. */
  readonly url: string
  /** What it said of itself, or null when it has no identity path and was allowed by name. */
  readonly identity: TargetIdentity | null
  /** Resolves with the last lines of output when a target we started ends by itself; never for others. */
  readonly died: Promise<string[]>
  /** What it writes, when we started it. */
  readonly log?: OutputLog
  /** Lets its nonce store be slow or gone; absent unless the plan says where that store is. */
  readonly nonceStore?: (state: StoreState) => Promise<void>
  /** CPU time it has used, milliseconds; undefined when we did not start it or the system does not tell. */
  cpuMs?(): number | undefined
  stop(): Promise<void>
}

/** What a target is started or found with. */
export interface TargetWorld {
  runId: string
  /** Folder the target's `cwd` starts from. */
  folder: string
  vars: Readonly<Record<string, string>>
  mocksEnvironment: Readonly<Record<string, string>>
  allowedHosts: readonly string[]
  /** Fires when a person will not wait any longer for the target to come up. */
  stop?: AbortSignal
}
