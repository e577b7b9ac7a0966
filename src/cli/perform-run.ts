import { loadConfig } from '../config/load-config.ts'
import { type Overrides, resolvePlan } from '../config/resolve-plan.ts'
import { HarnessError } from '../contract/errors.ts'
import { EXIT, exitCodeOfError } from '../contract/exit-code.ts'
import type { Plan } from '../contract/plan.ts'
import { attackVerdict } from '../judge/attack-verdict.ts'
import { judge } from '../judge/judge.ts'
import { mocksEntry } from '../rooms.ts'
import { readLedger } from '../run/ledger.ts'
import type { RunParts } from '../run/parts.ts'
import { runBelt } from '../run/run.ts'
import { createRunFolder, type RunFolder } from '../run/run-folder.ts'
import { now } from '../world/clock.ts'
import { newRunId } from '../world/run-id.ts'
import { Shutdown } from '../world/shutdown.ts'
import { guardTarget } from '../world/target.ts'
import { chooseEngine } from './choose-engine.ts'
import { chooseAttacks, chooseScenario, loadTarget, requireOperations } from './choose-parts.ts'
import { judgeAndReport, showResult } from './finish.ts'
import { printError } from './output.ts'
import { tool } from './package-facts.ts'
import { progressObserver } from './progress.ts'
import { listenForStop } from './stop.ts'

export interface RunOptions extends Overrides {
  cwd: string
  config?: string
  out?: string
  json: boolean
  k6?: string
  progress: 'auto' | 'plain' | 'none'
  debug: boolean
}

/** Everything `run`, `load`, `attack` and `demo` do; returns the exit code. */
export async function performRun(options: RunOptions): Promise<number> {
  const observer = progressObserver(options.progress)
  const loaded = await loadConfig(options.config, options.cwd)
  const plan = resolvePlan(loaded.config, options, newRunId(now()))
  guardTarget(plan.target, plan.allowedHosts)
  const shutdown = new Shutdown()
  const stop = listenForStop(shutdown)
  let folder: RunFolder | undefined
  let parts: RunParts | undefined
  try {
    parts = await gatherParts(plan, loaded.folder, options, observer)
    folder = createRunFolder(options.cwd, plan.runId, options.out)
    await runBelt(plan, parts, folder, observer, stop, shutdown)
  } catch (cause) {
    observer.done()
    await shutdown.run()
    // Nothing measured so far is lost, even when the disk is full: it is judged and shown, if not written.
    if (folder !== undefined && parts !== undefined && isDiskTrouble(cause)) showWhatIsThere(plan, parts, folder)
    throw cause
  } finally {
    stop.dispose()
  }
  observer.done()
  for (const error of await shutdown.run()) printError(error, options.debug)
  const result = judgeAndReport(readLedger(folder.file('evidence.jsonl')), plan, parts.attacks, folder.path)
  showResult(result, folder.path, options.json, options.cwd)
  return result.exitCode
}

async function gatherParts(
  plan: Plan,
  folder: string,
  options: RunOptions,
  observer: ReturnType<typeof progressObserver>,
): Promise<RunParts> {
  const { target, file: targetModule } = await loadTarget(plan.target.module, folder)
  const chosen = plan.load === null ? undefined : await chooseScenario(plan.load.scenario, folder)
  if (chosen !== undefined) requireOperations(chosen.scenario, target)
  const attacks = plan.attack === null ? [] : await chooseAttacks(plan.attack, folder)
  return {
    tool: tool(),
    folder,
    mocksEntry,
    target,
    targetModule,
    ...(plan.load === null || chosen === undefined
      ? {}
      : { engine: await chooseEngine(plan.load.engine, options.k6, observer), scenarioModule: chosen.file }),
    attacks,
    judgeAttack: attackVerdict,
  }
}

function isDiskTrouble(cause: unknown): boolean {
  return cause instanceof HarnessError && cause.code === 'DISK'
}

function showWhatIsThere(plan: Plan, parts: RunParts, folder: RunFolder): void {
  try {
    const result = judge(readLedger(folder.file('evidence.jsonl')), plan, parts.attacks)
    showResult(result, folder.path, false, folder.path)
  } catch (cause) {
    // The evidence file itself may be what could not be written; the disk error is reported by the caller.
    if (!(cause instanceof HarnessError)) throw cause
  }
}

/** Exit code of whatever a command threw. */
export function exitCodeOf(cause: unknown): number {
  return cause instanceof HarnessError ? exitCodeOfError(cause.code) : EXIT.bug
}
