import type { Attack, AttackEvidence } from '../contract/attack.ts'
import type { AttackPlan } from '../contract/plan.ts'
import type { LabOptions } from '../lab/lab.ts'
import { runAttack } from '../lab/run-attack.ts'
import type { BackgroundLoad } from './background-load.ts'
import type { Stage } from './load-step.ts'
import { sideBySide } from './side-by-side.ts'

/** Attacks mostly wait: for the carrier, for silence in its journal. More at once than this only makes them wait for the processor. */
const AT_ONCE = 4

/**
 * Runs the chosen attacks, several at once where they do not disturb each other; hands each one's evidence on as soon as it is
 * there. `take` returns it as it was written: what is shown while the run goes on is judged on the same evidence as the report.
 */
export async function attackStep(
  stage: Stage,
  attack: AttackPlan,
  take: (evidence: AttackEvidence) => AttackEvidence,
  background?: BackgroundLoad['background'],
): Promise<void> {
  const { parts, observer } = stage
  observer.phase(`attacks: ${parts.attacks.length}`)
  let done = 0
  const one = async (part: Attack, shared: boolean): Promise<void> => {
    const evidence = await runAttack(part, {
      ...labOptions(stage, attack),
      ...(background === undefined ? {} : { background }),
      // Honest load calls the carriers too.
      shared: shared || background !== undefined,
    })
    const { outcome, claim } = parts.judgeAttack(part, take(evidence))
    observer.attack({ id: part.meta.id, outcome, claim, index: ++done, of: parts.attacks.length })
  }
  await sideBySide(parts.attacks, AT_ONCE, one, () => stage.halt.aborted)
}

function labOptions({ plan, parts, mocks, target, vars, halt }: Stage, attack: AttackPlan): LabOptions {
  return {
    runId: plan.runId,
    seed: plan.seed,
    baseUrl: target.url,
    target: parts.target,
    vars,
    mocks: mocks.ready,
    limits: {
      revocationWithinMs: parts.target.traits?.revocationWithinMs ?? 2000,
      raceRounds: attack.race.rounds,
      raceWidth: attack.race.width,
      ...(attack.race.below === undefined ? {} : { raceBelow: attack.race.below }),
    },
    requestTimeoutMs: 10_000,
    targetLog: target.log,
    ...(target.cpuMs === undefined ? {} : { targetCpuMs: () => target.cpuMs?.() }),
    ...(target.nonceStore === undefined ? {} : { nonceStore: target.nonceStore }),
    halt,
  }
}
