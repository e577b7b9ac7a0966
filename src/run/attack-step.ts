import type { AttackEvidence } from '../contract/attack.ts'
import type { AttackPlan } from '../contract/plan.ts'
import { runAttack } from '../lab/run-attack.ts'
import type { Stage } from './load-step.ts'

/**
 * Runs the chosen attacks one after the other; hands each one's evidence on as soon as it is there. `take` returns it as it was
 * written: what is shown while the run goes on is judged on the same evidence as the report.
 */
export async function attackStep(
  stage: Stage,
  attack: AttackPlan,
  take: (evidence: AttackEvidence) => AttackEvidence,
): Promise<void> {
  const { plan, parts, mocks, target, observer } = stage
  await mocks.setBehaviour({ latency: attack.latency, faults: [], singleUse: plan.mocks.singleUse })
  observer.phase(`attacks: ${parts.attacks.length}`)
  for (const [position, part] of parts.attacks.entries()) {
    if (stage.halt.aborted) return
    const evidence = await runAttack(part, {
      runId: plan.runId,
      seed: plan.seed,
      baseUrl: target.url,
      target: parts.target,
      vars: stage.vars,
      mocks: mocks.ready,
      limits: {
        revocationWithinMs: parts.target.traits?.revocationWithinMs ?? 2000,
        raceRounds: attack.race.rounds,
        raceWidth: attack.race.width,
      },
      requestTimeoutMs: 10_000,
    })
    const { outcome, claim } = parts.judgeAttack(part, take(evidence))
    observer.attack({ id: part.meta.id, outcome, claim, index: position + 1, of: parts.attacks.length })
  }
}
