import type { Attack } from '../contract/attack.ts'
import type { Engine } from '../contract/engine.ts'
import type { AttackPlan, LoadPlan, Plan } from '../contract/plan.ts'
import { describeShape } from '../contract/shape.ts'
import { attackVerdict } from '../judge/attack-verdict.ts'
import { mocksEntry } from '../rooms.ts'
import type { Observer } from '../run/observer.ts'
import type { RunParts } from '../run/parts.ts'
import { chooseEngine } from './choose-engine.ts'
import { chooseAttacks, chooseScenario, loadTarget, requireOperations } from './choose-parts.ts'
import { tool } from './package-facts.ts'

/** A plan and what it needs to be carried out. */
export interface Prepared {
  /** Names its attacks one by one: judged again years later, `all` would mean others. */
  plan: Plan
  parts: RunParts
}

export interface EngineWishes {
  /** What `--k6` says. */
  k6?: string
  /** Users of a closed model to ask for instead of a rate when only autocannon can be had: for plans that are ours to change, as the demo's. */
  usersWithoutK6?: number
}

/** Loads all that a plan names: target module, scenario, attacks, engine. Throws HarnessError; nothing is sent. */
export async function gatherParts(plan: Plan, folder: string, wishes: EngineWishes, observer: Observer): Promise<Prepared> {
  const { target, file: targetModule } = await loadTarget(plan.target.module, folder)
  const attacks = plan.attack === null ? [] : await chooseAttacks(plan.attack, folder)
  const parts: RunParts = { tool: tool(), folder, mocksEntry, target, targetModule, attacks, judgeAttack: attackVerdict }
  if (plan.load !== null) {
    const { scenario, file } = await chooseScenario(plan.load.scenario, folder)
    requireOperations(scenario, target)
    // Last, for it may take minutes to get one.
    Object.assign(parts, { engine: await chooseEngine(plan.load.engine, wishes.k6, observer), scenarioModule: file })
  }
  const load = plan.load === null ? null : loadFor(plan.load, parts.engine, wishes, observer)
  return { plan: { ...plan, load, attack: plan.attack === null ? null : naming(plan.attack, attacks) }, parts }
}

/** A closed engine offers no rate; where the plan may be changed it asks for users instead, and says so. */
function loadFor(
  load: LoadPlan,
  engine: Engine | undefined,
  { usersWithoutK6: users }: EngineWishes,
  observer: Observer,
): LoadPlan {
  if (engine?.model !== 'closed' || load.shape.kind === 'closed' || users === undefined) return load
  observer.note(`${users} users take turns instead of arrivals: ${describeShape(load.shape)}`)
  return { ...load, shape: { kind: 'closed', users, durationMs: load.shape.durationMs } }
}

/** Severities go as well: one that a later version changes would leave its attack out. */
function naming({ severities: _, ...plan }: AttackPlan, attacks: readonly Attack[]): AttackPlan {
  return { ...plan, include: attacks.map(({ meta }) => meta.id), exclude: [] }
}
