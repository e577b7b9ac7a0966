import type { AttackEvidence } from '../contract/attack.ts'
import { HarnessError, type HarnessErrorRecord } from '../contract/errors.ts'
import type { EvidenceBody } from '../contract/evidence.ts'
import type { AttackPlan, Plan } from '../contract/plan.ts'
import { now } from '../world/clock.ts'
import { machineFacts } from '../world/machine.ts'
import type { Shutdown } from '../world/shutdown.ts'
import { attackStep } from './attack-step.ts'
import { startBackground } from './background-load.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { loadStep } from './load-step.ts'
import type { Observer } from './observer.ts'
import type { RunParts, StopRequest } from './parts.ts'
import { raiseWorld, type WatchedStage } from './raise-world.ts'
import { createRedactor } from './redact.ts'
import type { RunFolder } from './run-folder.ts'
import { withoutSecrets } from './run-secrets.ts'

/** Errors that end the command instead of becoming evidence: nothing may be sent, or nothing can be written. */
const ENDS_THE_COMMAND: readonly string[] = ['USAGE', 'CONFIG', 'NOT_ALLOWED', 'DISK']

/** The belt: mocks, target, load, attacks; each leaves its evidence in the ledger. Everything started is on `shutdown`. */
export async function runBelt(
  plan: Plan,
  parts: RunParts,
  folder: RunFolder,
  observer: Observer,
  stop: StopRequest,
  shutdown: Shutdown,
): Promise<void> {
  folder.write('plan.json', `${JSON.stringify(withoutSecrets(plan), null, 2)}\n`)
  const redactor = createRedactor()
  const ledger = openLedger(folder.file('evidence.jsonl'), redactor, now)
  shutdown.add('ledger', () => ledger.close())
  const tool = { ...parts.tool, node: process.versions.node }
  ledger.append({ kind: 'run-started', runId: plan.runId, tool, machine: machineFacts() })
  let how: Extract<EvidenceBody, { kind: 'run-ended' }>['how'] = 'finished'
  try {
    await steps(await raiseWorld({ plan, parts, folder, observer, stop, shutdown, ledger, redactor }), ledger)
  } catch (cause) {
    if (cause instanceof HarnessError && ENDS_THE_COMMAND.includes(cause.code)) throw cause
    how = 'failed'
    const trouble = recordOf(cause)
    if (trouble.code !== 'INTERRUPTED') ledger.append({ kind: 'trouble', error: trouble })
    // A bug is recorded, so that what was measured can be judged, and is still a bug.
    if (!(cause instanceof HarnessError)) {
      ledger.append({ kind: 'run-ended', how })
      throw cause
    }
  }
  if (stop.signal.aborted) how = stop.reason()
  ledger.append({ kind: 'run-ended', how })
}

async function steps(stage: WatchedStage, ledger: Ledger): Promise<void> {
  const { plan, parts } = stage
  if (plan.load !== null && parts.engine !== undefined && !stage.halt.aborted) {
    ledger.append({ kind: 'load-finished', ...(await loadStep(stage, plan.load, parts.engine)) })
  }
  if (plan.attack !== null && !stage.halt.aborted) {
    await attacksOf(stage, plan.attack, ledger)
  }
  const trouble = stage.trouble()
  if (trouble !== undefined)
    throw new HarnessError(trouble.code, trouble.message, trouble.hint === undefined ? {} : { hint: trouble.hint })
}

/** The attacks, with honest load beside them when the plan asks for it. */
async function attacksOf(stage: WatchedStage, attack: AttackPlan, ledger: Ledger): Promise<void> {
  const { plan, parts, mocks } = stage
  await mocks.setBehaviour({ latency: attack.latency, faults: [], singleUse: plan.mocks.singleUse })
  const take = (evidence: AttackEvidence) => ledger.append({ kind: 'attack-finished', attack: evidence }).attack
  if (attack.underLoad === undefined || parts.engine === undefined) return attackStep(stage, attack, take)
  const load = await startBackground(stage, attack.underLoad, parts.engine)
  try {
    await attackStep(stage, attack, take, load.background)
  } finally {
    ledger.append({ kind: 'background-finished', background: await load.stop() })
  }
}

function recordOf(cause: unknown): HarnessErrorRecord {
  if (cause instanceof HarnessError) return cause.toRecord()
  return { code: 'INTERNAL', message: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) }
}
