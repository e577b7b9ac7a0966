import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import type { LoadJob } from '../contract/engine.ts'
import type { K6Job } from '../contract/k6-job.ts'
import type { LatencyTable } from '../contract/latency.ts'
import { ownModule } from '../world/own-module.ts'
import { bundleTrouble, userModules } from './user-modules.ts'

/** Name of the bundle in the job's folder. */
export const BUNDLE_FILE = 'test.js'

/**
 * Writes the driver, the scenario, the target module and the job's constants as one file that any k6 can run, here or in a
 * cluster. Throws CONFIG when a module cannot be bundled, for instance because it wants Node.
 */
export async function bundleForK6(job: LoadJob, plan: { constants: K6Job; latency: LatencyTable }): Promise<void> {
  await build({
    entryPoints: [ownModule('../../scenarios/k6/driver.ts', import.meta.url)],
    outfile: join(job.workDir, BUNDLE_FILE),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2020',
    external: ['k6', 'k6/*'],
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    plugins: [userModules(job), constants(plan)],
  }).catch(bundleTrouble)
}

/** `onetap:job`. The quantiles are typed, because each virtual user holds its own: 16 KiB in place of 100. */
function constants({ constants, latency }: { constants: K6Job; latency: LatencyTable }): Plugin {
  const quantiles = `new Uint32Array([${Array.from(latency.quantilesUs).join()}])`
  const contents = `export const job = ${JSON.stringify(constants)}\nexport const quantilesUs = ${quantiles}\n`
  return {
    name: 'onetap-job',
    setup(build) {
      build.onResolve({ filter: /^onetap:job$/ }, ({ path }) => ({ path, namespace: 'onetap' }))
      build.onLoad({ filter: /.*/, namespace: 'onetap' }, () => ({ contents, loader: 'js' }))
    },
  }
}
