import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadJob } from '../contract/engine.ts'
import { HarnessError } from '../contract/errors.ts'
import type { Scenario } from '../contract/flow.ts'
import type { Plan } from '../contract/plan.ts'
import { BUNDLE_FILE, bundleForK6 } from './k6-bundle.ts'
import { k6Plan } from './k6-plan.ts'
import { type ClusterWish, manifestsOf } from './k8s-manifests.ts'

/** Writes nothing itself: the manifests of a load as the cluster gets it. Throws CONFIG for a load that a cluster cannot keep. */
export async function renderForCluster(
  job: Omit<LoadJob, 'workDir'>,
  scenario: Scenario,
  wish: Omit<ClusterWish, 'vars'>,
): Promise<{ script: object; testRun: object }> {
  refuseWhatNeedsUs(job, scenario)
  const workDir = await mkdtemp(join(tmpdir(), 'onetap-k8s-'))
  try {
    const vars = Object.keys(job.vars)
    const plan = k6Plan({ ...job, workDir, vars: {} })
    const { maxVUs } = userCount(plan.constants.options)
    if (wish.parallelism > maxVUs) {
      throw new HarnessError('CONFIG', `${wish.parallelism} pods cannot share ${maxVUs} users`, {
        hint: 'fewer --generators, or more load.maxUsers: the operator refuses a test with a pod that has no user',
      })
    }
    const constants = vars.length === 0 ? plan.constants : { ...plan.constants, varsFromEnvironment: vars }
    await bundleForK6({ ...job, workDir }, { ...plan, constants })
    return manifestsOf(await readFile(join(workDir, BUNDLE_FILE), 'utf8'), { ...wish, vars })
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

/** What the harness does beside a load while it runs here, and nobody does there. */
function refuseWhatNeedsUs({ carriers }: Omit<LoadJob, 'workDir'>, scenario: Scenario): void {
  const cannot = (what: string, hint: string): never => {
    throw new HarnessError('CONFIG', `a cluster cannot run this load: ${what}`, { hint })
  }
  if (scenario.asksPhone === true) cannot(`scenario ${scenario.id} asks the user's phone`, 'use one that only calls the target')
  if ((carriers.comers?.knownPeople ?? 0) > 0)
    cannot('returning users need accounts first', 'leave returning users out of load.comers')
  const { kind } = carriers.latency
  if (kind === 'step' || kind === 'brown-out') {
    cannot(`latency ${kind} counts from a moment that is not known beforehand`, 'use a profile that is the same at any time')
  }
  if (carriers.faults.some(rule => rule.fromMs !== undefined || rule.toMs !== undefined)) {
    cannot('a fault counts from a moment that is not known beforehand', 'leave fromMs and toMs out')
  }
}

/** Most users k6 may have, by its own options. */
function userCount(options: Record<string, unknown>): { maxVUs: number } {
  const scenarios = Object.values(options.scenarios as Record<string, { maxVUs?: number; vus?: number }>)
  return { maxVUs: Math.min(...scenarios.map(one => one.maxVUs ?? one.vus ?? 1)) }
}

/** The job of a plan for a target and carriers that are already in the cluster. */
export function clusterJob(
  plan: Plan,
  load: NonNullable<Plan['load']>,
  modules: { baseUrl: string; targetModule: string; scenarioModule: string },
  providers: LoadJob['carriers']['providers'],
): Omit<LoadJob, 'workDir'> {
  const { latency, faults, subscribers } = plan.mocks
  return {
    runId: plan.runId,
    seed: plan.seed,
    plan: load,
    ...modules,
    vars: plan.target.vars,
    carriers: { providers, subscribers, latency, faults, ...(load.comers === undefined ? {} : { comers: load.comers }) },
    firstIndex: 0,
  }
}
