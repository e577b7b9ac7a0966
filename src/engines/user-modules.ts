import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { LoadJob } from '../contract/engine.ts'
import { HarnessError } from '../contract/errors.ts'
import type { Scenario } from '../contract/flow.ts'
import type { TargetProfile } from '../contract/target.ts'
import { ownModule } from '../world/own-module.ts'

/** Resolves `onetap:scenario` and `onetap:target` to the job's files, and what users import of us to the running copy. */
export function userModules(job: Pick<LoadJob, 'scenarioModule' | 'targetModule'>): Plugin {
  const contract = ownModule('../contract/target.ts', import.meta.url)
  return {
    name: 'onetap-user-modules',
    setup(build) {
      build.onResolve({ filter: /^onetap:scenario$/ }, () => ({ path: job.scenarioModule }))
      build.onResolve({ filter: /^onetap:target$/ }, () => ({ path: job.targetModule }))
      build.onResolve({ filter: /^onetap\/target$/ }, () => ({ path: contract }))
    },
  }
}

/**
 * Loads scenario and target into this process in the form k6 gets them, bundled, so that a module which would not run there does
 * not run here either, and any TypeScript is taken. Throws CONFIG when a module cannot be bundled.
 */
export async function loadUserModules(job: BundledJob): Promise<UserModules> {
  return importUserModules(await bundleUserModules(job))
}

type BundledJob = Pick<LoadJob, 'scenarioModule' | 'targetModule' | 'workDir'>

export interface UserModules {
  scenario: Scenario
  target: TargetProfile
}

export async function importUserModules(file: string): Promise<UserModules> {
  return (await import(pathToFileURL(file).href)) as UserModules
}

/** Writes scenario and target as one file for Node and returns its path. Throws CONFIG when a module cannot be bundled. */
export async function bundleUserModules(job: BundledJob): Promise<string> {
  const outfile = join(job.workDir, 'flow.mjs')
  await build({
    stdin: {
      contents: `export { default as scenario } from 'onetap:scenario'\nexport { default as target } from 'onetap:target'\n`,
      resolveDir: job.workDir,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    plugins: [userModules(job)],
  }).catch(bundleTrouble)
  return outfile
}

/** esbuild's complaint in one sentence. Neutral platform: a Node built-in is an error here and not a crash inside k6. */
export function bundleTrouble(cause: unknown): never {
  const text = cause instanceof Error ? cause.message : String(cause)
  const first = text.split('\n').find(line => line.includes('ERROR')) ?? text
  throw new HarnessError('CONFIG', `the target and scenario cannot be bundled: ${first.trim()}`, {
    hint: 'A target module may import only pure code: no Node built-ins, no packages that need them.',
    cause,
  })
}
