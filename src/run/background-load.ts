import type { Engine, LoadEvidence, LoadProgress } from '../contract/engine.ts'
import { HarnessError } from '../contract/errors.ts'
import type { BackgroundFacts, BackgroundOutcome } from '../contract/figures.ts'
import { loginsOf } from '../contract/flow.ts'
import type { Lab } from '../contract/lab.ts'
import type { LoadPlan, UnderLoadPlan } from '../contract/plan.ts'
import { CEILINGS, type LoadShape } from '../contract/shape.ts'
import { VISIT_SPAN } from '../contract/visit.ts'
import { draftJob, prepare, type Stage } from './load-step.ts'
import { openWorkFolder, withholdSecrets } from './work-folder.ts'

/** Users that take turns while the capacity is measured: enough to keep two cores busy across a carrier's delay. */
const SATURATING_USERS = 64
const CAPACITY_WARM_UP_MS = 2000
const CAPACITY_MS = 6000
/** Load steps of a run take the spans of token indices from 0 on; background loads come after them (VISIT_SPAN). */
const FIRST_SPAN = 6
const LAST_SPAN = 13

/** Honest load beside attacks, with what it came to. */
export interface BackgroundLoad {
  background: NonNullable<Lab['background']>
  /** Ends it; what was achieved over all the time it ran. */
  stop(): Promise<BackgroundOutcome>
}

/**
 * Finds what the target can take, unless the plan says so, and starts its share of it. Throws HarnessError ENGINE_FAILED when no
 * honest login was granted while the capacity was measured.
 */
export async function startBackground(stage: Stage, under: UnderLoadPlan, engine: Engine): Promise<BackgroundLoad> {
  let span = FIRST_SPAN
  const nextSpan = (): number => {
    if (span > LAST_SPAN)
      throw new HarnessError('INTERNAL', 'background load was begun more often than there are token indices for')
    return span++ * VISIT_SPAN.end
  }
  await makeReady(stage, under.load)
  const capacityPerSecond = under.capacityPerSecond ?? (await measureCapacity(stage, under.load, engine, nextSpan()))
  const facts = { share: under.share, capacityPerSecond, offeredPerSecond: round(capacityPerSecond * under.share) }
  stage.observer.phase(`honest load beside the attacks: ${facts.offeredPerSecond}/s of ${round(capacityPerSecond)}/s`)
  const ended: LoadEvidence[] = []
  let running: Running | undefined = begin()
  await running.flowing

  function begin(): Running {
    const cut = new AbortController()
    const flow = Promise.withResolvers<void>()
    const onProgress = ({ ratePerSecond }: LoadProgress): void => {
      if (ratePerSecond > 0) flow.resolve()
    }
    const shape = shapeFor(engine, under, facts)
    const done = drive(
      stage,
      { ...under.load, shape, warmUpMs: 0 },
      engine,
      nextSpan(),
      AbortSignal.any([cut.signal, stage.halt]),
      onProgress,
    )
    // Looked at when it is stopped; until then it must not count as unhandled.
    done.catch(() => {}).finally(() => flow.resolve())
    return {
      flowing: flow.promise,
      async stop() {
        cut.abort()
        ended.push(await done)
      },
    }
  }
  async function pause(): Promise<void> {
    await running?.stop()
    running = undefined
  }

  return {
    background: {
      facts,
      pause,
      async resume() {
        running ??= begin()
        await running.flowing
      },
    },
    async stop() {
      await pause()
      return outcomeOf(facts, loginsIn(stage), ended)
    },
  }
}

/** Accounts for returning users, where the scenario has some; then the carriers as attacks find them. */
async function makeReady(stage: Stage, load: LoadPlan): Promise<void> {
  const { plan, mocks } = stage
  const workDir = openWorkFolder(stage.folder.path, 'work-beside')
  const { draft, scenario } = draftJob(stage, load, { firstIndex: FIRST_SPAN * VISIT_SPAN.end, workDir })
  await prepare(stage, draft, scenario)
  const { latency } = plan.attack ?? plan.mocks
  await mocks.setBehaviour({ latency, faults: [], singleUse: plan.mocks.singleUse })
}

function shapeFor(engine: Engine, { share }: UnderLoadPlan, { offeredPerSecond }: BackgroundFacts): LoadShape {
  const { durationMs } = CEILINGS
  // A closed engine keeps no rate: a share of the users that saturated it is the nearest it can do.
  return engine.model === 'closed'
    ? { kind: 'closed', users: Math.max(1, Math.round(SATURATING_USERS * share)), durationMs }
    : { kind: 'constant-arrival-rate', ratePerSecond: Math.max(1, offeredPerSecond), durationMs }
}

async function measureCapacity(stage: Stage, load: LoadPlan, engine: Engine, firstIndex: number): Promise<number> {
  stage.observer.phase(`capacity: ${SATURATING_USERS} honest users take turns for ${CAPACITY_MS / 1000} s`)
  const shape: LoadShape = { kind: 'closed', users: SATURATING_USERS, durationMs: CAPACITY_MS }
  const evidence = await drive(stage, { ...load, shape, warmUpMs: CAPACITY_WARM_UP_MS }, engine, firstIndex, stage.halt)
  const granted = countOf(evidence, loginsIn(stage), 'granted')
  if (granted === 0 && !stage.halt.aborted)
    throw new HarnessError('ENGINE_FAILED', 'no honest login was granted while the capacity was measured', {
      hint: 'run `onetap load` to see why, or say the capacity in attack.underLoad.capacityPerSecond',
    })
  return round((granted * 1000) / Math.max(1, evidence.durationMs))
}

/** A load under way. */
interface Running {
  /** Honest logins have begun to arrive, or never will: an engine takes seconds to start. */
  flowing: Promise<void>
  stop(): Promise<void>
}

async function drive(
  stage: Stage,
  load: LoadPlan,
  engine: Engine,
  firstIndex: number,
  signal: AbortSignal,
  onProgress: (progress: LoadProgress) => void = () => {},
): Promise<LoadEvidence> {
  const { plan, mocks, vars } = stage
  const workDir = openWorkFolder(stage.folder.path, `work-beside-${firstIndex / VISIT_SPAN.end}`)
  const { draft } = draftJob(stage, load, { firstIndex, workDir })
  const job = { ...draft, carriers: { ...draft.carriers, latency: plan.attack?.latency ?? plan.mocks.latency } }
  return engine
    .run(job, { onProgress, signal })
    .finally(() => withholdSecrets(workDir, { ...vars, controlToken: mocks.ready.controlToken }))
}

/** Operations whose answer is a login, in this run's scenario. */
function loginsIn({ parts }: Stage): readonly string[] {
  return parts.scenario === undefined ? [] : loginsOf(parts.scenario)
}

function outcomeOf(facts: BackgroundFacts, logins: readonly string[], ended: readonly LoadEvidence[]): BackgroundOutcome {
  const sum = (of: (evidence: LoadEvidence) => number): number => ended.reduce((all, one) => all + of(one), 0)
  const ranMs = sum(one => one.durationMs)
  const granted = sum(one => countOf(one, logins, 'granted'))
  const exchanges = sum(one => countOf(one, logins))
  return { facts, granted, exchanges, ranMs, grantedPerSecond: round((granted * 1000) / Math.max(1, ranMs)) }
}

/** Login exchanges of an outcome, or of any. */
function countOf({ totals }: LoadEvidence, logins: readonly string[], outcome?: string): number {
  return totals
    .filter(total => logins.includes(total.series) && (outcome === undefined || total.outcome === outcome))
    .reduce((sum, { count }) => sum + count, 0)
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
