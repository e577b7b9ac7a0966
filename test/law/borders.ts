import { isBuiltin } from 'node:module'
import path from 'node:path'
import { type Border, borderOf, liesIn } from './border-table.ts'
import { at, importsOf } from './code-text.ts'
import type { SourceFile } from './source-files.ts'

/** Every import that crosses a border, and every file that no row covers. */
export function borderCrossings(files: readonly SourceFile[]): string[] {
  return files.flatMap(source => {
    const border = borderOf(source.path)
    if (border === undefined) return [at(source, 1, 'no row of the border table covers this file')]
    return importsOf(source).flatMap(({ specifier, line }) => {
      const wrong = objection(border, source.path, specifier)
      return wrong === undefined ? [] : [at(source, line, `'${specifier}' ${wrong}`)]
    })
  })
}

function objection(border: Border, from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('/')) {
    const target = path.posix.join(path.posix.dirname(from), specifier)
    return liesIn(target, border.imports) ? undefined : `is beyond the border: allowed are ${border.imports.join(' ')}`
  }
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith('node:')) return 'must be written with node:'
    if (border.builtins === 'all' || border.builtins.includes(specifier)) return undefined
    return border.builtins === 'none' ? 'is a Node module: none here' : `is a Node module: only ${border.builtins.join(' ')} here`
  }
  const name = packageName(specifier)
  if (border.packages === 'any' || border.packages.includes(name)) return undefined
  return `is a package: allowed are ${border.packages.join(' ') || 'none'}`
}

/** `@scope/name/deep` -> `@scope/name`, `onetap:job` -> `onetap:`. */
function packageName(specifier: string): string {
  if (specifier.startsWith('onetap:')) return 'onetap:'
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
