import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from '../rooms.ts'

/** Name and version of this onetap. */
export function tool(): { name: string; version: string } {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  return { name: 'onetap', version }
}
