import type { IdentityProviderId } from '../../src/contract/third-party.ts'
import type { Dialect, DialectPorts, Operation, ProviderPart } from '../dialect.ts'
import { refusingAsAssumed } from '../refusing.ts'
import { IdentityDesk, type IdentityStyle } from './identity-desk.ts'
import type { IdentityApp, IdentityContext } from './identity-operation.ts'
import { OpaqueWords } from './opaque-words.ts'

/** Answers to `code-life`, where no source says how long a code lives. */
export const CODE_LIVES = ['10-minutes', '5-minutes'] as const

/** Milliseconds of the present answer to `code-life`. */
export function codeLifeMs({ assume }: Pick<DialectPorts, 'assume'>): number {
  return assume('code-life') === '5-minutes' ? 300_000 : 600_000
}

export interface IdentityPlan {
  provider: IdentityProviderId
  /** Of the provider's part. */
  assumptions: NonNullable<ProviderPart['assumptions']>
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
  const desk = ports.keep('desk', new IdentityDesk({ provider: plan.provider, seed, nowMs }, plan.style))
  const [target] = apps
  return {
    provider: plan.provider,
    apps,
    operations: plan
      .operations({ desk, apps, nowMs, assume: ports.assume })
      .map(operation => ('http-status' in plan.assumptions ? refusingAsAssumed(operation, ports) : operation)),
    desk,
    environment: url => (target === undefined ? {} : plan.environment(url, target)),
  }
}
