/** What a user's config imports as `onetap`. */
export { defineConfig } from './config/define-config.ts'
export type { OnetapConfig } from './config/schema.ts'
export { type Attack, defineAttack } from './contract/attack.ts'
export { defineScenario, type Scenario } from './contract/flow.ts'
export { defineTarget, type TargetProfile } from './contract/target.ts'
