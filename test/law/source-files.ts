import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** A text file of the repository: path from its root with forward slashes, and the whole text. */
export interface SourceFile {
  path: string
  text: string
}

/** Absolute path of the repository. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))

/** A file made up for a law's own test. */
export function file(filePath: string, text: string): SourceFile {
  return { path: filePath, text }
}

let cached: readonly SourceFile[] | undefined

/**
 * Every text file that is in the repository or is about to be: tracked, or new and not ignored. Files with a NUL byte are taken
 * for binary and left out.
 */
export function repositoryFiles(): readonly SourceFile[] {
  cached ??= execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\0')
    .filter(name => name !== '' && existsSync(path.join(ROOT, name)))
    .map(name => file(name, readFileSync(path.join(ROOT, name), 'utf8')))
    .filter(source => !source.text.includes('\0'))
  return cached
}

/** The TypeScript and JavaScript files among them. */
export function codeFiles(files: readonly SourceFile[] = repositoryFiles()): readonly SourceFile[] {
  return files.filter(source => /\.[mc]?[jt]sx?$/.test(source.path))
}
