import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { HarnessError } from '../contract/errors.ts'
import { checkConfig } from './check-config.ts'
import type { CheckedConfig } from './schema.ts'

const FILE_NAMES = ['onetap.config.ts', 'onetap.config.mts', 'onetap.config.js', 'onetap.config.mjs']

export interface LoadedConfig {
  config: CheckedConfig
  /** Absolute path of the file. */
  file: string
  /** Folder that relative paths in the file start from. */
  folder: string
}

/** Loads and checks a configuration: the named file, or the first found from `from` upward. */
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
  return { config: checkConfig(module.default, file), file, folder: dirname(file) }
}

/** Imports a user's TypeScript or JavaScript module: by Node itself, by tsx where the file needs more than type stripping. */
export async function importModule(file: string): Promise<{ default?: unknown }> {
  const url = pathToFileURL(file).href
  try {
    return (await import(url)) as { default?: unknown }
  } catch (cause) {
    const code = (cause as { code?: string }).code
    if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' || code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING') {
      const { tsImport } = await import('tsx/esm/api')
      return (await tsImport(url, import.meta.url)) as { default?: unknown }
    }
    throw new HarnessError('CONFIG', `${file} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'run it with `node` to see the whole error',
      cause,
    })
  }
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
