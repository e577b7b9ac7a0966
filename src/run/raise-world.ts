import { HarnessError, type HarnessErrorRecord } from '../contract/errors.ts'
import type { MockBehaviour } from '../contract/journal.ts'
import type { MocksPlan, Plan } from '../contract/plan.ts'
import { lastWords } from '../world/child.ts'
import { type RunningMocks, startMocksProcess } from '../world/mocks.ts'
import type { Shutdown } from '../world/shutdown.ts'
import { openTarget, type RunningTarget } from '../world/target.ts'
import { fillVars } from '../world/vars.ts'
import type { Ledger } from './ledger.ts'
import type { Stage } from './load-step.ts'
import type { Observer } from './observer.ts'
import type { RunParts, StopRequest } from './parts.ts'
import type { Redactor } from './redact.ts'
import type { RunFolder } from './run-folder.ts'
import { hideSecrets } from './run-secrets.ts'

/** What a run is made of and writes to. */
export interface Belt {
  plan: Plan
  parts: RunParts
  folder: RunFolder
  observer: Observer
  stop: StopRequest
  /** Everything started is put on it. */
  shutdown: Shutdown
  ledger: Ledger
  redactor: Redactor
}

/** A raised world that can tell what died in it. */
export type WatchedStage = Stage & { trouble(): HarnessErrorRecord | undefined }

/** Mocks up, then the target. Throws HarnessError, INTERRUPTED when a person would not wait. */
export async function raiseWorld(belt: Belt): Promise<WatchedStage> {
  const { plan, parts, folder, observer, stop, shutdown, ledger, redactor } = belt
  observer.phase(`mock carriers: ${plan.mocks.carriers.join(', ')}`)
  const mocks = await startMocksProcess(parts.mocksEntry, {
    runId: plan.runId,
    seed: plan.seed,
    subscribers: plan.mocks.subscribers,
    carriers: plan.mocks.carriers,
    ...(plan.mocks.providers === undefined ? {} : { providers: plan.mocks.providers }),
    behaviour: behaviourOf(plan.mocks),
    ports: plan.mocks.ports,
  })
  shutdown.add('mock carriers', () => mocks.stop())
  const vars = fillVars(plan.target.vars)
  hideSecrets(redactor, mocks, vars, plan)
  ledger.append({
    kind: 'mocks-up',
    identity: { runId: plan.runId, urls: Object.fromEntries(mocks.ready.providers.map(p => [p.provider, p.url])) },
  })
  if (stop.signal.aborted) throw new HarnessError('INTERRUPTED', 'stopped before the target was started')

  observer.phase('target')
  const target = await openTarget(plan.target, {
    runId: plan.runId,
    folder: parts.folder,
    vars,
    mocksEnvironment: mocks.ready.environment,
    allowedHosts: plan.allowedHosts,
    stop: stop.signal,
  })
  shutdown.add('target', () => target.stop())
  ledger.append({ kind: 'target-up', url: target.url, identity: target.identity })
  return { plan, parts, mocks, target, vars, folder, observer, ...watchDeaths(mocks, target, stop, shutdown) }
}

/** Load and attacks stop when the person says so, or when there is nothing left to test. */
function watchDeaths(
  mocks: RunningMocks,
  target: RunningTarget,
  stop: StopRequest,
  shutdown: Shutdown,
): Pick<WatchedStage, 'halt' | 'trouble'> {
  const died = new AbortController()
  let trouble: HarnessErrorRecord | undefined
  let closing = false
  // Registered last, so it runs first: an end that we cause is no death.
  shutdown.add('watch', () => {
    closing = true
  })
  const report = (code: 'TARGET_DIED' | 'MOCKS_FAILED', who: string) => (tail: string[]) => {
    if (closing) return
    trouble ??= {
      code,
      message: `${who} ended during the run: ${lastWords(tail)}`,
      hint: 'what was measured before is kept',
    }
    died.abort()
  }
  void target.died.then(report('TARGET_DIED', 'the target'))
  void mocks.died.then(report('MOCKS_FAILED', 'the mock carriers'))
  return { halt: AbortSignal.any([stop.signal, died.signal]), trouble: () => trouble }
}

function behaviourOf({ latency, faults, singleUse, lifetimes, reuse, assumptions }: MocksPlan): MockBehaviour {
  return {
    latency,
    faults,
    singleUse,
    ...(lifetimes === undefined ? {} : { lifetimes }),
    ...(reuse === undefined ? {} : { reuse }),
    ...(assumptions === undefined ? {} : { assumptions }),
  }
}
