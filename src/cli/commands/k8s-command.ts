import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import { resolvePlan } from '../../config/resolve-plan.ts'
import { HarnessError } from '../../contract/errors.ts'
import type { MockProvider } from '../../contract/journal.ts'
import type { LoadPlan, Plan } from '../../contract/plan.ts'
import { clusterJob, renderForCluster } from '../../engines/k8s-render.ts'
import { mocksEntry } from '../../rooms.ts'
import { now } from '../../world/clock.ts'
import { startMocksProcess } from '../../world/mocks.ts'
import { newRunId } from '../../world/run-id.ts'
import { chooseScenario, loadTarget, requireOperations } from '../choose-parts.ts'
import { out } from '../output.ts'
import type { RenderFlags } from '../render-flags.ts'

/**
 * `onetap k8s render`: the load of a configuration as manifests for the k6 operator. Starts no load and touches no cluster; the mock
 * carriers run for a moment, to be asked for the app ids that follow from the seed.
 */
export async function renderManifests(flags: RenderFlags): Promise<number> {
  check(flags)
  const loaded = await loadConfig(flags.config, process.cwd())
  const plan = resolvePlan(loaded.config, { mode: 'load', ...pods(flags) }, newRunId(now()))
  if (plan.load === null) throw new HarnessError('CONFIG', 'the configuration has no load')
  const { target, file: targetModule } = await loadTarget(plan.target.module, loaded.folder)
  const { scenario, file: scenarioModule } = await chooseScenario(plan.load.scenario, loaded.folder)
  requireOperations(scenario, target)
  const baseUrl = flags.target.replace(/\/+$/, '')
  const job = clusterJob(plan, plan.load, { baseUrl, targetModule, scenarioModule }, await providersOf(plan))
  const manifests = await renderForCluster(job, scenario, {
    ...flags,
    collectorUrl: flags.collector,
    parallelism: podsOf(plan.load),
  })
  const folder = resolve(flags.out)
  write(folder, 'script.json', manifests.script)
  write(folder, 'testrun.json', manifests.testRun)
  tellNext(flags, plan, folder)
  return 0
}

function podsOf(load: LoadPlan): number {
  return load.generators ?? 1
}

function pods({ generators }: RenderFlags): { generators?: number } {
  return generators === undefined ? {} : { generators }
}

function check({ target, collector, name, namespace }: RenderFlags): void {
  for (const url of [target, collector]) {
    if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw new HarnessError('USAGE', `"${url}" is no http URL`, { hint: 'for instance http://backend.shop.svc:8080' })
  }
  for (const label of [name, namespace]) {
    if (!/^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/.test(label))
      throw new HarnessError('USAGE', `"${label}" is no name that Kubernetes takes`, { hint: 'lower-case letters, digits and -' })
  }
}

/** The carriers of the plan with the app ids they will have wherever they run with this seed. */
async function providersOf(plan: Plan): Promise<readonly MockProvider[]> {
  const { subscribers, carriers, latency, faults, singleUse } = plan.mocks
  const mocks = await startMocksProcess(mocksEntry, {
    runId: plan.runId,
    seed: plan.seed,
    subscribers,
    carriers,
    behaviour: { latency, faults, singleUse },
    ports: { control: 0 },
  })
  await mocks.stop()
  return mocks.ready.providers
}

function write(folder: string, name: string, manifest: object): void {
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, name), `${JSON.stringify(manifest, null, 2)}\n`)
  } catch (cause) {
    throw new HarnessError('DISK', `${join(folder, name)} cannot be written`, { cause })
  }
  out.result(join(folder, name))
}

function tellNext({ name, namespace, out: folder }: RenderFlags, plan: Plan, written: string): void {
  const vars = Object.keys(plan.target.vars)
  if (vars.length > 0) {
    const literals = vars.map(key => `--from-literal=${key}=…`).join(' ')
    out.line(`first: kubectl -n ${namespace} create secret generic ${name}-vars ${literals}`)
  }
  out.line(`the carriers in the cluster must run with --seed ${plan.seed}; the target must call them`)
  out.line(`next: kubectl apply -f ${folder} (written to ${written})`)
  out.line('the pods push their figures to the collector; the operator itself merges and judges nothing')
}
