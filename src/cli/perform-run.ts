import { loadConfig } from '../config/load-config.ts'
import { type Overrides, resolvePlan } from '../config/resolve-plan.ts'
import { HarnessError } from '../contract/errors.ts'
import type { Plan } from '../contract/plan.ts'
import type { Result } from '../contract/result.ts'
import { runBelt } from '../run/run.ts'
import { createRunFolder, type RunFolder } from '../run/run-folder.ts'
import { now } from '../world/clock.ts'
import { newRunId } from '../world/run-id.ts'
import { Shutdown } from '../world/shutdown.ts'
import { guardTarget } from '../world/target.ts'
import { unwindOnCrash } from './end-process.ts'
import { concludeRun } from './finish.ts'
import { gatherParts, type Prepared } from './gather-parts.ts'
import { type LivePage, openLivePage } from './live/live-page.ts'
import { out, printError } from './output.ts'
import { planSource } from './plan-source.ts'
import { type EndingObserver, progressObserver } from './progress.ts'
import { BASELINE_FILE, readResult } from './read-document.ts'
import { listenForStop, type Stop } from './stop.ts'

export interface RunOptions extends Overrides {
  cwd: string
  config?: string
  out?: string
  json: boolean
  k6?: string
  /** An earlier run, its folder or result.json, that budgets are held against. */
  baseline?: string
  progress: 'auto' | 'plain' | 'none'
  debug: boolean
  /** Whether `.onetap/latest` is to name this run; true unless told. */
  latest?: boolean
  /** Whether the result is printed; true unless told. */
  show?: boolean
  /** Whether a live page is opened on loopback for as long as the run lasts. */
  live?: boolean
}

/** Everything `run`, `load`, `attack` and `demo` do; returns the exit code. */
export async function performRun(options: RunOptions): Promise<number> {
  const loaded = await loadConfig(options.config, options.cwd)
  const resolved = resolvePlan(loaded.config, options, newRunId(now()))
  const plan = { ...resolved, source: planSource(loaded, resolved.target.module, options, process.env) }
  const baseline = options.baseline === undefined ? undefined : readResult(options.baseline).result
  return (await carryOut(plan, loaded.folder, options, baseline)).exitCode
}

/** How a run came out; without a result when it was stopped before anything was started. */
export interface CarriedOut {
  exitCode: number
  result?: Result
}

/** Carries a plan out, judges it, writes and shows the reports. `folder`: where relative paths of the plan start. */
export async function carryOut(plan: Plan, folder: string, options: RunOptions, baseline?: Result): Promise<CarriedOut> {
  const terminal = progressObserver(options.progress)
  guardTarget(plan.target, plan.allowedHosts)
  const shutdown = new Shutdown()
  unwindOnCrash(shutdown)
  const stop = listenForStop(shutdown)
  const page = options.live === true ? await openLivePage() : undefined
  if (page !== undefined) out.line(`live page: ${page.url}`)
  const observer = page === undefined ? terminal : beside(terminal, page.observer)
  try {
    const prepared = await stop.unlessStopped(gatherParts(plan, folder, options, observer))
    // Nothing was started and nothing measured: there is nothing to keep.
    if (prepared === undefined) return { exitCode: stop.exitCode() }
    const runFolder = createRunFolder(options.cwd, plan.runId, options.out, options.latest)
    // Kept beside the evidence: judged again, the verdict must rest on the same.
    if (baseline !== undefined) runFolder.write(BASELINE_FILE, `${JSON.stringify(baseline)}\n`)
    const trouble = await driveBelt(prepared, runFolder, { observer, stop, shutdown, debug: options.debug })
    return concludeRun(prepared, runFolder, trouble, options, baseline)
  } finally {
    observer.done()
    await page?.close()
    stop.dispose()
  }
}

/** An observer that passes on what the live page wants to know. */
function beside(terminal: EndingObserver, page: LivePage['observer']): EndingObserver {
  return {
    ...terminal,
    phase: text => {
      terminal.phase(text)
      page.phase(text)
    },
    load: progress => {
      terminal.load(progress)
      page.load(progress)
    },
  }
}

/**
 * Runs the belt and stops all it started. Returns the trouble after which what was measured is still worth judging: a full disk, a
 * bug of ours. Throws what means that nothing was sent.
 */
async function driveBelt(
  { plan, parts }: Prepared,
  folder: RunFolder,
  tools: { observer: EndingObserver; stop: Stop; shutdown: Shutdown; debug: boolean },
): Promise<unknown> {
  const { observer, stop, shutdown, debug } = tools
  let trouble: unknown
  try {
    await runBelt(plan, parts, folder, observer, stop, shutdown)
  } catch (cause) {
    trouble = cause
  }
  await stop.settled()
  observer.done()
  for (const error of await shutdown.run()) printError(error, debug)
  if (trouble instanceof HarnessError && trouble.code !== 'DISK') throw trouble
  return trouble
}
