import type { LoadProgress } from '../contract/engine.ts'
import type { Outcome } from '../contract/verdict.ts'

/** What a person may want to see while a run goes on. The CLI shows it; the belt does not print. */
export interface Observer {
  phase(text: string): void
  load(progress: LoadProgress): void
  attack(done: { id: string; outcome: Outcome; claim: string; index: number; of: number }): void
  note(text: string): void
}
