import { constants, copyFileSync, existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HarnessError } from '../../contract/errors.ts'
import { out } from '../output.ts'
import { packageRoot } from '../package-facts.ts'

const FILES = ['onetap.config.ts', 'onetap.target.ts'] as const

/** `onetap init [dir]`: a config and a commented target module for someone's own backend. Overwrites nothing. */
export function init(dir: string | undefined): number {
  const folder = resolve(dir ?? '.')
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new HarnessError('USAGE', `${folder} is no folder`, { hint: 'create it first' })
  const there = FILES.filter(name => existsSync(join(folder, name)))
  if (there.length > 0)
    throw new HarnessError('USAGE', `${there.join(' and ')} exist${there.length === 1 ? 's' : ''} already in ${folder}`, {
      hint: 'nothing was written; name another folder or remove them',
    })
  for (const name of FILES) write(join(packageRoot(), 'examples', 'template', name), join(folder, name))
  out.result(FILES.map(name => join(dir ?? '.', name)).join('\n'))
  out.line('next: describe your backend in onetap.target.ts, then `npx onetap run`')
  return 0
}

function write(from: string, to: string): void {
  try {
    // Exclusive: a file that someone made a moment ago is not ours to overwrite.
    copyFileSync(from, to, constants.COPYFILE_EXCL)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new HarnessError('DISK', `${to} cannot be written: ${code}`, { cause })
  }
}
