import { fileURLToPath } from 'node:url'

/** Path of one of our own modules, told by its source name: `.ts` where we run from source, `.js` where we run compiled. */
export function ownModule(relative: string, base: string): string {
  const compiled = base.endsWith('.js')
  return fileURLToPath(new URL(compiled ? relative.replace(/\.ts$/, '.js') : relative, base))
}
