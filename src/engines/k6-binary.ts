import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { HarnessError } from '../contract/errors.ts'
import { buildK6 } from './k6-build.ts'
import { downloadK6 } from './k6-download.ts'
import { runForText } from './run-for-text.ts'

/** The k6 onetap was written against; tools/k6/go.mod pins the same. */
export const K6_VERSION = '2.2.0'
const OLDEST_MAJOR = 2

export interface K6Binary {
  path: string
  /** Without the leading `v`. */
  version: string
  from: 'named' | 'PATH' | 'cache' | 'download' | 'build'
}

export interface FindK6Options {
  /** What `--k6` says; default `K6_BIN` of the environment. A k6 that is named must serve: no other is looked for. */
  path?: string
  env?: NodeJS.ProcessEnv
  /** Only look at what is already here: no download, no build. */
  offline?: boolean
  /** Told what goes on, in plain sentences; a build takes minutes. */
  onProgress?(text: string): void
  /** Where the official releases are; a test puts its own server here. */
  releasesUrl?: string
}

const RELEASES_URL = 'https://github.com/grafana/k6/releases/download'

/**
 * Finds a k6 2.x: the one that is named, `PATH`, our cache, the official release checked against its published checksums, a build
 * from pinned sources. Throws ENGINE_MISSING, with what was tried in the hint, when none of them gives one.
 */
export async function findK6(options: FindK6Options = {}): Promise<K6Binary> {
  const env = options.env ?? process.env
  const say = options.onProgress ?? (() => undefined)
  const named = options.path ?? env.K6_BIN
  if (named !== undefined && named !== '') return useNamed(named)

  const tried: string[] = []
  const onPath = await firstOnPath(env)
  const fromPath = onPath === undefined ? 'no k6 on PATH' : await usable(onPath, 'PATH')
  if (typeof fromPath !== 'string') return fromPath
  tried.push(fromPath)
  if (onPath !== undefined) say(fromPath)

  const cacheFolder = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'onetap', `k6-${K6_VERSION}`)
  const cached = join(cacheFolder, EXECUTABLE)
  const fromCache = (await exists(cached)) ? await usable(cached, 'cache') : 'none in the cache'
  if (typeof fromCache !== 'string') return fromCache
  tried.push(fromCache)
  if (options.offline === true) throw missing(tried)

  say(`downloading k6 ${K6_VERSION}`)
  const source = { version: K6_VERSION, releasesUrl: options.releasesUrl ?? RELEASES_URL, executable: cached }
  const downloadFault = await downloadK6(source)
  const downloaded = downloadFault ?? (await usable(cached, 'download'))
  if (typeof downloaded !== 'string') return downloaded
  tried.push(downloaded)
  say(`${downloaded}; building k6 ${K6_VERSION} from pinned sources, which takes a few minutes once`)

  const built = (await buildK6(cached, env)) ?? (await usable(cached, 'build'))
  if (typeof built !== 'string') return built
  tried.push(built)
  throw missing(tried)
}

const EXECUTABLE = process.platform === 'win32' ? 'k6.exe' : 'k6'

async function useNamed(path: string): Promise<K6Binary> {
  const found = await usable(path, 'named')
  if (typeof found !== 'string') return found
  throw new HarnessError('ENGINE_MISSING', `the k6 that was named cannot be used: ${found}`, {
    hint: 'Correct --k6 or K6_BIN, or leave it out to let onetap look for one.',
  })
}

/** The binary, or a sentence that says why not. */
async function usable(path: string, from: K6Binary['from']): Promise<K6Binary | string> {
  const said = await runForText(path, ['version'], { timeoutMs: 10_000 })
  if (said.failure !== undefined) return `${path} does not run (${said.failure})`
  const version = /^k6(?:\.exe)? v(\d+\.\d+\.\d+\S*)/m.exec(said.text)?.[1]
  if (version === undefined) return `${path} does not answer as k6`
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) return `${path} is k6 ${version}, which is older than ${OLDEST_MAJOR}.0`
  return { path, version, from }
}

async function firstOnPath(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, EXECUTABLE)
    if (folder !== '' && (await exists(path))) return path
  }
  return undefined
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

function missing(tried: readonly string[]): HarnessError {
  return new HarnessError('ENGINE_MISSING', 'no k6 2.x could be had', {
    hint: `Install k6 2.x or name one with --k6 or K6_BIN. Tried: ${tried.join('; ')}.`,
  })
}
