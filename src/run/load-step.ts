import type { Engine, LoadEvidence, LoadJob } from '../contract/engine.ts'
import type { JournalTotals } from '../contract/journal.ts'
import type { LoadPlan, Plan } from '../contract/plan.ts'
import { startFaults, startLatency } from '../contract/schedule.ts'
import { describeShape } from '../contract/shape.ts'
import { now } from '../world/clock.ts'
import type { RunningMocks } from '../world/mocks.ts'
import type { RunningTarget } from '../world/target.ts'
import type { Observer } from './observer.ts'
import type { RunParts } from './parts.ts'
import type { RunFolder } from './run-folder.ts'
import { openWorkFolder, withholdSecrets } from './work-folder.ts'

export interface Stage {
  plan: Plan
  parts: RunParts
  mocks: RunningMocks
  target: RunningTarget
  vars: Record<string, string>
  folder: RunFolder
  observer: Observer
  /** Fires when the run must stop: a person asked, the target or the mocks died. */
  halt: AbortSignal
}

/** Drives the load and returns what was measured, with the carriers' own account of it. */
export async function loadStep(
  stage: Stage,
  load: LoadPlan,
  engine: Engine,
): Promise<{ load: LoadEvidence; carrier: JournalTotals | null }> {
  const { plan, parts, mocks, target, observer } = stage
  // Both sides count from the same moment: when the measured part is due, less what the engine takes to start.
  const originMs = now() + load.warmUpMs
  const latency = startLatency(plan.mocks.latency, originMs)
  const faults = startFaults(plan.mocks.faults, originMs)
  await mocks.setBehaviour({ latency, faults, singleUse: plan.mocks.singleUse })
  await mocks.reset()
  const workDir = openWorkFolder(stage.folder.path)
  observer.phase(`load: ${engine.id}, scenario ${load.scenario}, ${describeShape(load.shape)}`)
  const job: LoadJob = {
    runId: plan.runId,
    seed: plan.seed,
    plan: load,
    baseUrl: target.url,
    targetModule: parts.targetModule,
    scenarioModule: parts.scenarioModule ?? '',
    vars: stage.vars,
    carriers: {
      providers: mocks.ready.providers,
      subscribers: plan.mocks.subscribers,
      latency,
      faults,
    },
    firstIndex: 0,
    workDir,
  }
  const evidence = await engine
    .run(job, { onProgress: progress => observer.load(progress), signal: stage.halt })
    .finally(() => withholdSecrets(workDir, stage.vars))
  // The mocks may be what died; their silence is then evidence too.
  const carrier = await mocks.totals().catch(() => null)
  return { load: evidence, carrier }
}
