import type { AttackEvidence } from './attack.ts'
import type { LoadEvidence } from './engine.ts'
import type { HarnessErrorRecord } from './errors.ts'
import type { BackgroundOutcome } from './figures.ts'
import type { JournalTotals, LoadTokens, LoopDelay } from './journal.ts'

/** What the ledger holds, one JSON object a line in `evidence.jsonl`. `atMs` is epoch milliseconds. */
export type EvidenceRecord = { schemaVersion: '1.0.0'; seq: number; atMs: number } & EvidenceBody

export type EvidenceBody =
  | { kind: 'run-started'; runId: string; tool: { name: string; version: string; node: string }; machine: MachineFacts }
  | { kind: 'mocks-up'; identity: { runId: string; urls: Record<string, string> } }
  | { kind: 'target-up'; url: string; identity: TargetIdentity | null }
  | {
      kind: 'load-finished'
      load: LoadEvidence
      carrier: JournalTotals | null
      tokens?: LoadTokens
      watch?: LoadWatch
      /** Epoch milliseconds from which the plan's timed faults and latency counted. */
      originMs?: number
    }
  | { kind: 'attack-finished'; attack: AttackEvidence }
  | { kind: 'background-finished'; background: BackgroundOutcome }
  | { kind: 'trouble'; error: HarnessErrorRecord }
  | { kind: 'note'; text: string }
  | { kind: 'run-ended'; how: 'finished' | 'interrupted' | 'terminated' | 'failed' }

/** What the harness noticed of itself and the machine while the load ran. */
export interface LoadWatch {
  /** Of the harness's own process. */
  loopDelayMs: LoopDelay
  /** The largest difference between what the wall clock and the steady clock counted, milliseconds: a clock that was set. */
  clockJumpMs: number
}

/** What a target answers at its identity path. */
export interface TargetIdentity {
  runId: string | null
  name: string
  version: string
  flaws: readonly string[]
  [more: string]: unknown
}

export interface MachineFacts {
  os: string
  cpu: string
  cores: number
  memoryMiB: number
}
