import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Top folder of the repository or package: where package.json lies, above the source as above the compiled code. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder)
  return folder
}

/** Name and version of this onetap. */
export function tool(): { name: string; version: string } {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  return { name: 'onetap', version }
}

/** The configuration that `onetap demo` runs. */
export function demoConfig(): string {
  return join(packageRoot(), 'onetap.config.ts')
}
