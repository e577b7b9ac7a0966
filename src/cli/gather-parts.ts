import type { Attack } from '../contract/attack.ts'
import type { AttackPlan, Plan } from '../contract/plan.ts'
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
}

/** Loads all that a plan names: target module, scenario, attacks, engine. Throws HarnessError; nothing is sent. */
export async function gatherParts(plan: Plan, folder: string, wishes: EngineWishes, observer: Observer): Promise<Prepared> {
  const { target, file: targetModule } = await loadTarget(plan.target.module, folder)
  const attacks = plan.attack === null ? [] : await chooseAttacks(plan.attack, folder)
  const parts: RunParts = { tool: tool(), folder, mocksEntry, target, targetModule, attacks, judgeAttack: attackVerdict }
  const load = plan.load ?? plan.attack?.underLoad?.load
  if (load !== undefined) {
    const { scenario, file } = await chooseScenario(load.scenario, folder)
    requireOperations(scenario, target)
    // Last, for it may take minutes to get one.
    Object.assign(parts, { engine: await chooseEngine(load.engine, wishes.k6, observer), scenario, scenarioModule: file })
  }
  return { plan: { ...plan, attack: plan.attack === null ? null : naming(plan.attack, attacks) }, parts }
}

/** Severities go as well: one that a later version changes would leave its attack out. */
function naming({ severities: _, ...plan }: AttackPlan, attacks: readonly Attack[]): AttackPlan {
  return { ...plan, include: attacks.map(({ meta }) => meta.id), exclude: [] }
}
