import { pathToFileURL } from 'node:url'
import { HarnessError } from '../contract/errors.ts'

/** Node's own codes for TypeScript that type stripping cannot run: an enum, a namespace, a file below node_modules. */
const BEYOND_STRIPPING: readonly unknown[] = ['ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX', 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING']

/**
 * Imports a user's TypeScript or JavaScript module: by Node itself, by tsx where the file needs more than type stripping.
 * Throws HarnessError CONFIG with one sentence, whatever the module threw.
 */
export async function importModule(file: string): Promise<{ default?: unknown }> {
  const url = pathToFileURL(file).href
  try {
    return (await import(url)) as { default?: unknown }
  } catch (cause) {
    if (!BEYOND_STRIPPING.includes(codeOf(cause))) throw cannotLoad(file, cause)
  }
  try {
    const { tsImport } = await import('tsx/esm/api')
    return (await tsImport(url, import.meta.url)) as { default?: unknown }
  } catch (cause) {
    throw cannotLoad(file, cause)
  }
}

function cannotLoad(file: string, cause: unknown): HarnessError {
  return new HarnessError('CONFIG', `${file} cannot be loaded: ${firstLine(cause)}`, {
    hint: 'run again with --debug to see the whole error',
    cause,
  })
}

function codeOf(cause: unknown): unknown {
  return (cause as { code?: unknown } | null | undefined)?.code
}

/** Some loaders' messages show the source as well; the sentence is the first line. */
function firstLine(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return text.split('\n').find(line => line.trim() !== '') ?? 'it threw nothing that says why'
}
