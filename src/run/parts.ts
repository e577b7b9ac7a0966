import type { Attack, AttackEvidence } from '../contract/attack.ts'
import type { Engine } from '../contract/engine.ts'
import type { Scenario } from '../contract/flow.ts'
import type { TargetProfile } from '../contract/target.ts'
import type { Outcome } from '../contract/verdict.ts'

/** What the belt is given by the rooms it may not import. */
export interface RunParts {
  tool: { name: string; version: string }
  /** Folder that relative paths of the plan start from. */
  folder: string
  /** Entry of the mocks process. */
  mocksEntry: string
  target: TargetProfile
  /** Absolute path of the target module, for bundling. */
  targetModule: string
  /** Absent when no load is planned. */
  engine?: Engine
  /** Absent when no load is planned. */
  scenario?: Scenario
  /** Absolute path of the scenario's file. */
  scenarioModule?: string
  attacks: readonly Attack[]
  judgeAttack(attack: Attack, evidence: AttackEvidence): { outcome: Outcome; claim: string }
}

/** Why a run stops early, if it does. */
export interface StopRequest {
  readonly signal: AbortSignal
  /** Set when the signal fires. */
  reason(): 'interrupted' | 'terminated'
}
