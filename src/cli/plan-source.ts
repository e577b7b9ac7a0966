import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { LoadedConfig } from '../config/load-config.ts'
import type { Overrides } from '../config/resolve-plan.ts'
import type { PlanSource } from '../contract/plan.ts'
import { OPERATION_IDS, type OperationId } from '../contract/target.ts'

/** Flags of the command line and the part of the plan each one sets. */
const FLAG_PATHS: Readonly<Partial<Record<keyof Overrides, string>>> = {
  seed: 'seed',
  ratePerSecond: 'load.shape',
  users: 'load.shape',
  durationMs: 'load.shape.durationMs',
  engine: 'load.engine',
  targetUrl: 'target.url',
  attacks: 'attack.include',
  excludeAttacks: 'attack.exclude',
  severities: 'attack.severities',
  failOn: 'attack.failOn',
  allowHosts: 'allowedHosts',
}

/**
 * Where the config and the target module lie in their repository, and on which lines their parts stand, so that reports can pin
 * what they found to code. The commit is the one CI names, or the one checked out.
 */
export function planSource(
  { file: configFile, written }: Pick<LoadedConfig, 'file' | 'written'>,
  targetModule: string,
  overrides: Partial<Overrides>,
  env: Readonly<NodeJS.ProcessEnv>,
): PlanSource {
  const root = repositoryRoot(dirname(configFile)) ?? process.cwd()
  const targetFile = isAbsolute(targetModule) ? targetModule : resolve(dirname(configFile), targetModule)
  const head = checkedOut(root)
  const commit = env.GITHUB_SHA ?? env.CI_COMMIT_SHA ?? head.commit
  const branch = env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME || env.CI_COMMIT_REF_NAME || head.branch
  return {
    config: {
      file: fromRoot(root, configFile),
      budgetsLine: lineOf(textOf(configFile), 'budgets') ?? 1,
      sets: pathsOf(written, ''),
    },
    flags: Object.entries(FLAG_PATHS).flatMap(([flag, path]) => (isSaid(overrides[flag as keyof Overrides]) ? [path] : [])),
    target: { file: fromRoot(root, targetFile), lines: operationLines(textOf(targetFile)) },
    ...(commit === undefined ? {} : { commit }),
    ...(branch === undefined ? {} : { branch }),
  }
}

/** A list without a word, as the command line hands it in where nothing was named, says nothing. */
function isSaid(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0)
}

/** Paths of all that is not an object itself. */
function pathsOf(value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return at === '' ? [] : [at]
  return Object.entries(value).flatMap(([key, member]) => pathsOf(member, at === '' ? key : `${at}.${key}`))
}

function repositoryRoot(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}

/** A file outside the repository has no place in it; its name alone is all that may be shown. */
function fromRoot(root: string, file: string): string {
  const path = relative(root, file).split(sep).join('/')
  return path.startsWith('../') || isAbsolute(path) ? (path.split('/').at(-1) ?? path) : path
}

function operationLines(text: string): Partial<Record<OperationId, number>> {
  const found = OPERATION_IDS.flatMap(op => {
    const line = lineOf(text, op)
    return line === undefined ? [] : [[op, line] as const]
  })
  return Object.fromEntries(found)
}

/** Line of the first member of this name in an object literal: `name:`, `name(` or `name,` at the start of a line. */
function lineOf(text: string, name: string): number | undefined {
  const at = text.split('\n').findIndex(line => new RegExp(`^\\s*(?:async )?['"]?${name}['"]?\\s*[:,(]`).test(line))
  return at < 0 ? undefined : at + 1
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** Read from git's own files: no git need be installed. Nothing is known of a work tree or a packed reference. */
function checkedOut(root: string): { commit?: string; branch?: string } {
  const head = textOfGit(root, 'HEAD')
  const branch = /^ref: refs\/heads\/(\S+)/.exec(head)?.[1]
  const commit = branch === undefined ? head.trim() : textOfGit(root, join('refs', 'heads', branch)).trim()
  return { ...(/^[0-9a-f]{40,64}$/.test(commit) ? { commit } : {}), ...(branch === undefined ? {} : { branch }) }
}

function textOfGit(root: string, name: string): string {
  const file = join(root, '.git', name)
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // `.git` is a file in a work tree, and a reference may be packed: then the commit stays unknown.
    return ''
  }
}
