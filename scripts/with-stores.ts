import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, globSync, mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/**
 * Runs a command with a PostgreSQL and a Redis of its own behind it, both empty, on free loopback ports and gone afterwards:
 *   node scripts/with-stores.ts -- npx vitest run --project stores
 * The command finds them in ONETAP_TEST_DATABASE_URL and ONETAP_TEST_REDIS_URL; its exit code is ours. 3 when a binary is missing.
 */

interface Owner {
  uid?: number
  gid?: number
}

interface Place {
  folder: string
  owner: Owner
  /** What was started here, to be stopped by its own pid, last first. */
  started: ChildProcess[]
}

const START_WITHIN_MS = 30_000

const command = process.argv.slice(process.argv.indexOf('--') + 1)
if (!process.argv.includes('--') || command.length === 0) fail(2, 'usage: node scripts/with-stores.ts -- <command> [arguments]')

const binaries = { initdb: find('initdb'), postgres: find('postgres'), redis: find('redis-server') }
const place = makePlace()
let exitCode = 70
try {
  const databaseUrl = await startPostgres(place)
  const redisUrl = await startRedis(place)
  exitCode = await run(command, { ONETAP_TEST_DATABASE_URL: databaseUrl, ONETAP_TEST_REDIS_URL: redisUrl })
} finally {
  for (const child of place.started.toReversed()) await stop(child)
  rmSync(place.folder, { recursive: true, force: true })
}
process.exit(exitCode)

/** PostgreSQL refuses to run as root, so root's stores belong to `postgres`, or to `nobody` where that is missing. */
function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'onetap-stores-'))
  const owner: Owner = process.getuid?.() === 0 ? (idsOf('postgres') ?? idsOf('nobody') ?? {}) : {}
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
  return { folder, owner, started: [] }
}

async function startPostgres({ folder, owner, started }: Place): Promise<string> {
  const data = join(folder, 'postgres')
  const init = ['-D', data, '-U', 'onetap', '-A', 'trust', '-E', 'UTF8', '--locale', 'C', '--no-sync']
  execFileSync(binaries.initdb, init, { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'logging_collector=off',
    'log_min_messages=fatal',
  ]
  const flags = settings.flatMap(setting => ['-c', setting])
  const child = spawn(binaries.postgres, ['-D', data, '-p', String(port), ...flags], { ...owner, cwd: folder, stdio: 'ignore' })
  started.push(child)
  const url = `postgres://onetap@127.0.0.1:${port}/postgres`
  await answering('PostgreSQL', child, () => canQuery(url))
  return url
}

async function startRedis({ folder, owner, started }: Place): Promise<string> {
  const port = await freePort()
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const child = spawn(binaries.redis, flags, { ...owner, cwd: folder, stdio: 'ignore' })
  started.push(child)
  await answering('Redis', child, () => canConnect(port))
  return `redis://127.0.0.1:${port}`
}

async function answering(name: string, child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  const endMs = Date.now() + START_WITHIN_MS
  while (Date.now() < endMs) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended while starting (${child.exitCode}).`)
    if (await isReady()) return
    await sleep(50)
  }
  throw new Error(`${name} did not answer within ${START_WITHIN_MS} ms.`)
}

/** PostgreSQL listens before it takes queries. Whatever it says until then means "not yet"; the caller's deadline ends that. */
async function canQuery(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

async function run([file = '', ...args]: string[], variables: Record<string, string>): Promise<number> {
  const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...variables } })
  // Ctrl-C reaches the command by the terminal, SIGTERM only us; in both cases the stores are still to be stopped.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const [code, signal] = await once(child, 'close')
  return code ?? (signal === 'SIGINT' ? 130 : 143)
}

/** SIGINT is PostgreSQL's fast shutdown and Redis' ordinary one. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.kill('SIGINT')
  await closed
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** On PATH, or where Debian keeps PostgreSQL's server binaries, newest first. */
function find(name: string): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin').sort().toReversed()]
  const found = folders.map(folder => join(folder, name)).find(isExecutable)
  return found ?? fail(3, `with-stores: ${name} is not installed; nothing was run.`)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function idsOf(user: string): Required<Owner> | undefined {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    // `id` says in its exit code that there is no such user.
    return undefined
  }
}

function fail(code: number, sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(code)
}
