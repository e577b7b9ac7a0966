import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { HarnessError } from '../contract/errors.ts'
import { checkConfig } from './check-config.ts'
import { importModule } from './import-module.ts'
import { readRecordings } from './recorded-latency.ts'
import type { CheckedConfig } from './schema.ts'

const FILE_NAMES = ['onetap.config.ts', 'onetap.config.mts', 'onetap.config.js', 'onetap.config.mjs']

export interface LoadedConfig {
  config: CheckedConfig
  /** Absolute path of the file. */
  file: string
  /** Folder that relative paths in the file start from. */
  folder: string
  /** The configuration as it was written, without defaults. */
  written: unknown
}

/** Loads and checks a configuration: the named file, or the first found from `from` upward. Throws HarnessError CONFIG. */
export async function loadConfig(named: string | undefined, from: string): Promise<LoadedConfig> {
  const file = named === undefined ? findUpward(from) : resolve(from, named)
  if (file === undefined) {
    throw new HarnessError('CONFIG', `no onetap.config.ts in ${from} or above`, {
      hint: 'run `onetap init` to write one, or name one with --config',
    })
  }
  if (!existsSync(file))
    throw new HarnessError('CONFIG', `config file ${file} does not exist`, { hint: 'check the path given with --config' })
  const module = await importModule(file)
  if (module.default === undefined) {
    throw new HarnessError('CONFIG', `${file} has no default export`, { hint: 'write `export default defineConfig({ … })`' })
  }
  const folder = dirname(file)
  return { config: readRecordings(checkConfig(module.default, file), folder), file, folder, written: module.default }
}

function findUpward(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of FILE_NAMES) {
      const file = join(folder, name)
      if (existsSync(file)) return file
    }
    if (folder === dirname(folder)) return undefined
  }
}
