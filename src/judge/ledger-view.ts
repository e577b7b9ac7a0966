import type { AttackEvidence } from '../contract/attack.ts'
import type { HarnessErrorRecord } from '../contract/errors.ts'
import type { EvidenceRecord, MachineFacts, TargetIdentity } from '../contract/evidence.ts'
import type { BackgroundOutcome } from '../contract/figures.ts'
import { exhaustive } from '../contract/json.ts'
import type { Plan } from '../contract/plan.ts'
import type { Result } from '../contract/result.ts'

/** One load as the ledger has it. */
export type LoadRecord = Pick<
  Extract<EvidenceRecord, { kind: 'load-finished' }>,
  'load' | 'carrier' | 'tokens' | 'watch' | 'originMs'
>

/** A ledger read once, sorted by what the judge asks of it. */
export interface LedgerView {
  runId: string | null
  tool: { name: string; version: string; node: string }
  machine: MachineFacts
  startedAtMs: number
  durationMs: number
  target: { url: string; identity: TargetIdentity | null } | null
  loads: LoadRecord[]
  attacks: AttackEvidence[]
  backgrounds: BackgroundOutcome[]
  trouble: HarnessErrorRecord[]
  notes: string[]
  /** `null`: the ledger ends without a last word; the harness was killed or the file is cut. */
  ended: Result['ended'] | null
}

const UNKNOWN_MACHINE: MachineFacts = { os: 'unknown', cpu: 'unknown', cores: 0, memoryMiB: 0 }

/** Reads the ledger and checks that it belongs to the plan. What is wrong with it becomes trouble, never a throw. */
export function readLedger(records: readonly EvidenceRecord[], plan: Plan): LedgerView {
  const first = records[0]
  const last = records[records.length - 1]
  const view: LedgerView = {
    runId: null,
    tool: { name: 'onetap', version: 'unknown', node: 'unknown' },
    machine: UNKNOWN_MACHINE,
    startedAtMs: first?.atMs ?? 0,
    durationMs: Math.max(0, (last?.atMs ?? 0) - (first?.atMs ?? 0)),
    target: null,
    loads: [],
    attacks: [],
    backgrounds: [],
    trouble: [],
    notes: [],
    ended: null,
  }
  for (const record of records) take(view, record)
  for (const { load } of view.loads) view.trouble.push(...load.trouble)
  if (view.runId !== plan.runId) view.trouble.push(foreignLedger(view.runId, plan.runId))
  view.trouble = withoutRepeats(view.trouble)
  return view
}

function take(view: LedgerView, record: EvidenceRecord): void {
  switch (record.kind) {
    case 'run-started':
      view.runId = record.runId
      view.tool = record.tool
      view.machine = record.machine
      return
    case 'mocks-up':
      return
    case 'target-up':
      view.target = { url: record.url, identity: record.identity }
      return
    case 'load-finished':
      view.loads.push(record)
      return
    case 'attack-finished':
      view.attacks.push(record.attack)
      return
    case 'background-finished':
      view.backgrounds.push(record.background)
      return
    case 'trouble':
      view.trouble.push(record.error)
      return
    case 'note':
      view.notes.push(record.text)
      return
    case 'run-ended':
      view.ended = record.how
      return
    default:
      exhaustive(record)
  }
}

function foreignLedger(found: string | null, wanted: string): HarnessErrorRecord {
  return {
    code: 'EVIDENCE',
    message:
      found === null
        ? 'The ledger holds no record of a run being started.'
        : `The ledger belongs to run ${found}, the plan to run ${wanted}.`,
    hint: 'Judge evidence.jsonl with the plan.json of the same folder.',
  }
}

/** The engine and the belt may both have written down the same trouble. */
function withoutRepeats(trouble: readonly HarnessErrorRecord[]): HarnessErrorRecord[] {
  const seen = new Set<string>()
  return trouble.filter(error => {
    const key = `${error.code} ${error.message}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
