import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import type { K6Binary } from '../../src/engines/k6-binary.ts'

/** A tool's closed run: so many users, each sends its next request when it has its answer. */
export interface Peer {
  name: string
  command: readonly string[]
  env?: Record<string, string>
  /** The slow ones that are given another folder to be found in. */
  note?: string
}

export interface ClosedRun {
  url: string
  users: number
  seconds: number
  folder: string
}

const file = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url))
/** About as long as a login's body. */
export const BODY = JSON.stringify({
  carrier: 'china-mobile',
  token: `STsid${'0'.repeat(51)}`,
  appId: 'app-m',
  nonce: 'n'.repeat(60),
})

/** Every tool that is here, in settings that are fair to it. `missing` hears of those that are not. */
export function closedPeers(run: ClosedRun, k6: K6Binary, missing: (name: string) => void): Peer[] {
  const { url, users, seconds } = run
  const login = `${url}/login`
  const json = 'Content-Type: application/json'
  const k6Env = {
    URL: login,
    BODY,
    USERS: String(users),
    SECONDS: String(seconds),
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
  }
  const k6Run = [k6.path, 'run', '--quiet', '--summary-mode=disabled']
  const shape = JSON.stringify({ kind: 'closed', users, durationMs: seconds * 1000 })
  const ours = (engine: string): string[] => [process.execPath, file('ours.ts'), engine, url, shape, String(users), '0', '1']
  const peers: Peer[] = [
    { name: 'k6 alone', command: [...k6Run, file('k6-alone.js')], env: k6Env },
    { name: 'k6, same work by hand', command: [...k6Run, sameWork(run.folder)], env: k6Env },
    { name: 'onetap, k6', command: ours('k6') },
    { name: 'onetap, embedded', command: ours('embedded') },
    {
      name: 'autocannon',
      command: [
        process.execPath,
        createRequire(import.meta.url).resolve('autocannon'),
        '-j',
        '-n',
        '-c',
        String(users),
        '-d',
        String(seconds),
        '-m',
        'POST',
        '-H',
        json,
        '-b',
        BODY,
        login,
      ],
    },
  ]
  const optional: [name: string, program: string | undefined, args: string[]][] = [
    ['wrk', programAt('wrk'), ['-t1', '-c', String(users), '-d', `${seconds}s`, '--latency', '-s', file('post.lua'), login]],
    [
      'oha',
      programAt('oha'),
      ['--no-tui', '-c', String(users), '-z', `${seconds}s`, '-m', 'POST', '-H', json, '-d', BODY, login],
    ],
    [
      'Locust',
      programAt('locust'),
      [
        '-f',
        file('locustfile.py'),
        '--headless',
        '-u',
        String(users),
        '-r',
        String(users),
        '-t',
        `${seconds}s`,
        '-H',
        url,
        '--only-summary',
      ],
    ],
    ['Artillery', programAt('artillery'), ['run', artilleryScript(run)]],
  ]
  for (const [name, program, args] of optional) {
    if (program === undefined) missing(name)
    else peers.push({ name, command: [program, ...args], env: { BODY, ARTILLERY_DISABLE_TELEMETRY: 'true', WORKERS: '1' } })
  }
  return peers
}

/** In BENCH_TOOLS (folders, as PATH is written), else in PATH. */
function programAt(name: string): string | undefined {
  for (const folder of `${process.env.BENCH_TOOLS ?? ''}:${process.env.PATH ?? ''}`.split(':')) {
    if (folder !== '' && existsSync(join(folder, name))) return join(folder, name)
  }
  return undefined
}

function sameWork(folder: string): string {
  const outfile = join(folder, 'same-work.js')
  buildSync({
    entryPoints: [file('k6-same-work.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2020',
    external: ['k6', 'k6/*'],
  })
  return outfile
}

/** A pool, else Artillery opens a connection per visit; each user loops, so that what is measured is requests. */
function artilleryScript({ url, users, seconds, folder }: ClosedRun): string {
  const path = join(folder, 'artillery.json')
  const post = { post: { url: '/login', headers: { 'content-type': 'application/json' }, body: BODY } }
  const config = { target: url, http: { pool: users }, phases: [{ duration: 1, arrivalCount: users }] }
  writeFileSync(path, JSON.stringify({ config, scenarios: [{ flow: [{ loop: [post], count: 30 * seconds }] }] }))
  return path
}

export const PINNED: boolean = process.platform === 'linux' && spawnSync('taskset', ['--version']).status === 0
