import type { HarnessErrorRecord } from '../contract/errors.ts'
import { HarnessError } from '../contract/errors.ts'
import type { EvidenceBody } from '../contract/evidence.ts'
import type { Plan } from '../contract/plan.ts'
import { now } from '../world/clock.ts'
import { machineFacts } from '../world/machine.ts'
import { type RunningMocks, startMocksProcess } from '../world/mocks.ts'
import type { Shutdown } from '../world/shutdown.ts'
import { openTarget, type RunningTarget } from '../world/target.ts'
import { fillVars } from '../world/vars.ts'
import { attackStep } from './attack-step.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { loadStep, type Stage } from './load-step.ts'
import type { Observer } from './observer.ts'
import type { RunParts, StopRequest } from './parts.ts'
import { createRedactor, type Redactor } from './redact.ts'
import type { RunFolder } from './run-folder.ts'

/** Errors that mean nothing was sent: they end the command instead of becoming evidence. */
const BEFORE_ANYTHING: readonly string[] = ['USAGE', 'CONFIG', 'NOT_ALLOWED', 'DISK']

/** The belt: mocks, target, load, attacks; each leaves its evidence in the ledger. Everything started is on `shutdown`. */
export async function runBelt(
  plan: Plan,
  parts: RunParts,
  folder: RunFolder,
  observer: Observer,
  stop: StopRequest,
  shutdown: Shutdown,
): Promise<void> {
  folder.write('plan.json', `${JSON.stringify(plan, null, 2)}\n`)
  const redactor = createRedactor()
  const ledger = openLedger(folder.file('evidence.jsonl'), redactor, now)
  shutdown.add('ledger', () => ledger.close())
  ledger.append({
    kind: 'run-started',
    runId: plan.runId,
    tool: { ...parts.tool, node: process.versions.node },
    machine: machineFacts(),
  })
  let how: Extract<EvidenceBody, { kind: 'run-ended' }>['how'] = 'finished'
  try {
    const stage = await raiseWorld(plan, parts, folder, observer, stop, shutdown, ledger, redactor)
    await steps(stage, ledger)
  } catch (cause) {
    if (!(cause instanceof HarnessError) || BEFORE_ANYTHING.includes(cause.code)) throw cause
    ledger.append({ kind: 'trouble', error: cause.toRecord() })
    how = 'failed'
  }
  if (stop.signal.aborted) how = stop.reason()
  ledger.append({ kind: 'run-ended', how })
}

async function steps(stage: Stage & { trouble(): HarnessErrorRecord | undefined }, ledger: Ledger): Promise<void> {
  const { plan, parts } = stage
  if (plan.load !== null && parts.engine !== undefined && !stage.halt.aborted) {
    ledger.append({ kind: 'load-finished', ...(await loadStep(stage, plan.load, parts.engine)) })
  }
  if (plan.attack !== null && !stage.halt.aborted) {
    await attackStep(stage, plan.attack, attack => ledger.append({ kind: 'attack-finished', attack }))
  }
  const trouble = stage.trouble()
  if (trouble !== undefined)
    throw new HarnessError(trouble.code, trouble.message, trouble.hint === undefined ? {} : { hint: trouble.hint })
}

async function raiseWorld(
  plan: Plan,
  parts: RunParts,
  folder: RunFolder,
  observer: Observer,
  stop: StopRequest,
  shutdown: Shutdown,
  ledger: Ledger,
  redactor: Redactor,
): Promise<Stage & { trouble(): HarnessErrorRecord | undefined }> {
  observer.phase(`mock carriers: ${plan.mocks.carriers.join(', ')}`)
  const mocks = await startMocksProcess(parts.mocksEntry, {
    runId: plan.runId,
    seed: plan.seed,
    subscribers: plan.mocks.subscribers,
    carriers: plan.mocks.carriers,
    behaviour: { latency: plan.mocks.latency, faults: plan.mocks.faults, singleUse: plan.mocks.singleUse },
    ports: plan.mocks.ports,
  })
  shutdown.add('mock carriers', () => mocks.stop())
  const vars = fillVars(plan.target.vars)
  hideSecrets(redactor, mocks, vars)
  ledger.append({
    kind: 'mocks-up',
    identity: { runId: plan.runId, urls: Object.fromEntries(mocks.ready.providers.map(p => [p.carrier, p.url])) },
  })

  observer.phase('target')
  const target = await openTarget(plan.target, {
    runId: plan.runId,
    folder: parts.folder,
    vars,
    mocksEnvironment: mocks.ready.environment,
    allowedHosts: plan.allowedHosts,
  })
  shutdown.add('target', () => target.stop())
  ledger.append({ kind: 'target-up', url: target.url, identity: target.identity })

  const deaths = watchDeaths(mocks, target, stop, shutdown)
  return { plan, parts, mocks, target, vars, folder, observer, halt: deaths.halt, trouble: deaths.trouble }
}

/** Load and attacks stop when the person says so, or when there is nothing left to test. */
function watchDeaths(
  mocks: RunningMocks,
  target: RunningTarget,
  stop: StopRequest,
  shutdown: Shutdown,
): { halt: AbortSignal; trouble(): HarnessErrorRecord | undefined } {
  const died = new AbortController()
  let trouble: HarnessErrorRecord | undefined
  let closing = false
  // Registered last, so it runs first: an end that we cause is no death.
  shutdown.add('watch', () => {
    closing = true
  })
  const report = (code: 'TARGET_DIED' | 'MOCKS_FAILED', who: string) => (tail: string[]) => {
    if (closing) return
    trouble ??= {
      code,
      message: `${who} ended during the run: ${tail.slice(-3).join(' | ') || 'no output'}`,
      hint: 'what was measured before is kept',
    }
    died.abort()
  }
  void target.died.then(report('TARGET_DIED', 'the target'))
  void mocks.died.then(report('MOCKS_FAILED', 'the mock carriers'))
  return { halt: AbortSignal.any([stop.signal, died.signal]), trouble: () => trouble }
}

function hideSecrets(redactor: Redactor, mocks: RunningMocks, vars: Record<string, string>): void {
  redactor.hide('control', mocks.ready.controlToken)
  for (const [name, value] of Object.entries(mocks.ready.environment))
    if (/SECRET|KEY/.test(name)) redactor.hide(name.toLowerCase(), value)
  for (const [name, value] of Object.entries(vars)) redactor.hide(name, value)
}
