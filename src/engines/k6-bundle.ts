import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'
import type { LoadJob } from '../contract/engine.ts'
import { HarnessError } from '../contract/errors.ts'
import type { K6Job } from '../contract/k6-job.ts'
import type { LatencyTable } from '../contract/latency.ts'
import { ownModule } from './own-module.ts'

/** Name of the bundle in the job's folder. */
export const BUNDLE_FILE = 'test.js'

/**
 * Writes the driver, the scenario, the target module and the job's constants as one file that any k6 can run, here or in a
 * cluster. Throws CONFIG when a module cannot be bundled, for instance because it wants Node.
 */
export async function bundleForK6(job: LoadJob, plan: { constants: K6Job; latency: LatencyTable }): Promise<void> {
  try {
    await build({
      entryPoints: [ownModule('../../scenarios/k6/driver.ts', import.meta.url)],
      outfile: join(job.workDir, BUNDLE_FILE),
      bundle: true,
      format: 'esm',
      // Neutral: a Node built-in is an error here and not a crash in k6.
      platform: 'neutral',
      target: 'es2020',
      external: ['k6', 'k6/*'],
      mainFields: ['module', 'main'],
      logLevel: 'silent',
      plugins: [virtualModules(job, plan)],
    })
  } catch (cause) {
    const reason =
      cause instanceof Error ? (cause.message.split('\n').find(line => line.includes('ERROR')) ?? cause.message) : cause
    throw new HarnessError('CONFIG', `the target and scenario cannot be bundled for k6: ${String(reason).trim()}`, {
      hint: 'A target module may import only pure code: no Node built-ins, no packages that need them.',
      cause,
    })
  }
}

function virtualModules(job: LoadJob, plan: { constants: K6Job; latency: LatencyTable }): Plugin {
  const files: Record<string, string> = { 'onetap:scenario': job.scenarioModule, 'onetap:target': job.targetModule }
  return {
    name: 'onetap',
    setup(build) {
      build.onResolve({ filter: /^onetap:(scenario|target)$/ }, ({ path }) => ({ path: files[path] ?? path }))
      build.onResolve({ filter: /^onetap:job$/ }, ({ path }) => ({ path, namespace: 'onetap' }))
      build.onLoad({ filter: /.*/, namespace: 'onetap' }, () => ({ contents: jobModule(plan), loader: 'js' }))
      // What users write: their copy of the package may be elsewhere or absent, the running one is the right one.
      build.onResolve({ filter: /^onetap\/target$/ }, () => ({ path: ownModule('../contract/target.ts', import.meta.url) }))
    },
  }
}

function jobModule({ constants, latency }: { constants: K6Job; latency: LatencyTable }): string {
  // Typed, because each virtual user holds its own: 16 KiB in place of 100.
  const quantiles = `new Uint32Array([${Array.from(latency.quantilesUs).join()}])`
  return `export const job = ${JSON.stringify(constants)}\nexport const quantilesUs = ${quantiles}\n`
}
