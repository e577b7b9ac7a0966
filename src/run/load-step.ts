import type { Engine, LoadJob } from '../contract/engine.ts'
import type { EvidenceBody } from '../contract/evidence.ts'
import { loginsOf, type Scenario } from '../contract/flow.ts'
import type { PhoneAccess } from '../contract/phone.ts'
import type { LoadPlan, Plan } from '../contract/plan.ts'
import { carriersAmong } from '../contract/providers.ts'
import { startFaults, startLatency } from '../contract/schedule.ts'
import { describeShape } from '../contract/shape.ts'
import { comersOf } from '../contract/visit.ts'
import { loadTiming } from '../engines/load-timing.ts'
import { now } from '../world/clock.ts'
import type { RunningMocks } from '../world/mocks.ts'
import type { RunningTarget } from '../world/target.ts'
import { makeKnown } from './make-known.ts'
import type { Observer } from './observer.ts'
import type { RunParts } from './parts.ts'
import type { RunFolder } from './run-folder.ts'
import { watchLoad } from './watch-load.ts'
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
export async function loadStep(stage: Stage, load: LoadPlan, engine: Engine): Promise<LoadFindings> {
  const { plan, mocks, observer } = stage
  const workDir = openWorkFolder(stage.folder.path)
  const { draft, scenario } = draftJob(stage, load, { firstIndex: 0, workDir })
  await prepare(stage, draft, scenario)
  // Both sides count from the same moment: when the measured part is due, less what the engine takes to start.
  const originMs = now() + loadTiming(load).measuredAtMs
  const latency = startLatency(plan.mocks.latency, originMs)
  const faults = startFaults(plan.mocks.faults, originMs)
  await mocks.setBehaviour({ latency, faults, singleUse: plan.mocks.singleUse })
  await mocks.reset()
  observer.phase(`load: ${engine.id}, scenario ${load.scenario}, ${describeShape(load.shape)}`)
  const byCarrier = faults.some(rule => rule.providers !== undefined)
  const job: LoadJob = { ...draft, ...(byCarrier ? { byCarrier } : {}), carriers: { ...draft.carriers, latency, faults } }
  const watch = watchLoad()
  const evidence = await engine
    .run(job, { onProgress: progress => observer.load(progress), signal: stage.halt })
    .finally(() => withholdSecrets(workDir, { ...stage.vars, controlToken: mocks.ready.controlToken }))
  const noticed = watch.end()
  // The mocks may be what died; their silence is then evidence too.
  const carrier = await mocks.totals().catch(() => null)
  const tokens = await mocks.loadTokens(job.firstIndex, job.firstIndex + evidence.attempted).catch(() => undefined)
  return { load: evidence, carrier, ...(tokens === undefined ? {} : { tokens }), watch: noticed, originMs }
}

/** What a load leaves in the ledger. */
export type LoadFindings = Omit<Extract<EvidenceBody, { kind: 'load-finished' }>, 'kind'>

/** A job but for what the carriers do while it runs. */
export function draftJob(
  { plan, parts, mocks, target, vars }: Stage,
  load: LoadPlan,
  own: Pick<LoadJob, 'firstIndex' | 'workDir'>,
): { draft: LoadJob; scenario: Scenario } {
  const { scenario } = parts
  if (scenario === undefined || parts.scenarioModule === undefined) throw new Error('a load without a scenario')
  const comers = comersOf(scenario, load.comers)
  const draft: LoadJob = {
    runId: plan.runId,
    seed: plan.seed,
    plan: load,
    baseUrl: target.url,
    logins: loginsOf(scenario),
    targetModule: parts.targetModule,
    scenarioModule: parts.scenarioModule,
    vars,
    carriers: {
      // Without the keys: a generator needs none, and a job is written to disk.
      providers: mocks.ready.providers.map(({ provider, url, appIds }) => ({ provider, url, appIds })),
      subscribers: plan.mocks.subscribers,
      latency: { kind: 'none' },
      faults: [],
      ...(comers === undefined ? {} : { comers }),
    },
    ...(scenario.asksPhone === true || scenario.prepare !== undefined ? { phone: phoneAccess(mocks) } : {}),
    ...own,
  }
  return { draft, scenario }
}

/** Accounts for returning users, by carriers in a hurry: what they do is part of no figure. */
export async function prepare({ plan, parts, mocks, observer, halt }: Stage, job: LoadJob, scenario: Scenario): Promise<void> {
  const people = job.carriers.comers?.knownPeople ?? 0
  if (people === 0) return
  observer.phase(`accounts for ${people} returning users`)
  await mocks.setBehaviour({ latency: { kind: 'none' }, faults: [], singleUse: plan.mocks.singleUse })
  await makeKnown(job, scenario, parts.target, halt)
}

function phoneAccess({ ready }: RunningMocks): PhoneAccess {
  const urls = carriersAmong(ready.providers).map(({ provider, url }) => [provider, url])
  return { controlUrl: ready.controlUrl, controlToken: ready.controlToken, carrierUrls: Object.fromEntries(urls) }
}
