import type { IdentityProviderId } from '../../src/contract/third-party.ts'
import type { Dialect, DialectPorts, Operation } from '../dialect.ts'
import { IdentityDesk, type IdentityStyle } from './identity-desk.ts'
import type { IdentityApp, IdentityContext } from './identity-operation.ts'
import { OpaqueWords } from './opaque-words.ts'

export interface IdentityPlan {
  provider: IdentityProviderId
  style: IdentityStyle
  /** App id of the `appIndex`-th app, in the provider's shape. */
  appId(words: OpaqueWords, appIndex: number): string
  operations(context: IdentityContext): Operation[]
  environment(url: string, app: IdentityApp): Record<string, string>
}

/** Opens an identity provider: two apps of one developer, the target's and a stranger's, and a desk for both. */
export function openIdentity(plan: IdentityPlan, ports: DialectPorts): Dialect {
  const { seed, nowMs } = ports
  const words = new OpaqueWords(seed, `${plan.provider}/apps`)
  const apps = [0, 1].map(
    (appIndex): IdentityApp => ({
      appId: plan.appId(words, appIndex),
      appIndex,
      secret: words.hex(32, 'secret', appIndex),
    }),
  )
  const desk = new IdentityDesk({ provider: plan.provider, seed, nowMs }, plan.style)
  const [target] = apps
  return {
    provider: plan.provider,
    apps,
    operations: plan.operations({ desk, apps, nowMs }),
    desk,
    reset: () => desk.reset(),
    environment: url => (target === undefined ? {} : plan.environment(url, target)),
  }
}
