/**
 * What a one-tap login costs the reference backend, with carriers that answer at once: logins per second, CPU per login, and where
 * the time goes. Once by users the backend knows, once by users it has never seen. Embedded stores always; PostgreSQL and Redis too
 * when ONETAP_TEST_DATABASE_URL and ONETAP_TEST_REDIS_URL name them:
 *
 *     node scripts/with-stores.ts -- node bench/backend.ts [seconds] [clients]
 *
 * BENCH_NODE_FLAGS goes to the backend's Node, for instance `--cpu-prof --cpu-prof-dir=.cache`.
 */
import { randomBytes } from 'node:crypto'
import { CARRIER_IDS } from '../src/contract/carriers.ts'
import { mocksEntry } from '../src/rooms.ts'
import { startMocksProcess } from '../src/world/mocks.ts'
import { drive, SEED } from './backend/drive.ts'
import { startBackend } from './backend/patient.ts'
import { CLIENT_CORE, pinSelf } from './mocks/cores.ts'

const seconds = Number(process.argv[2] ?? 4)
const clients = Number(process.argv[3] ?? 32)
const { ONETAP_TEST_DATABASE_URL: databaseUrl = '', ONETAP_TEST_REDIS_URL: redisUrl = '' } = process.env
// Few enough that the warm-up meets nearly all of them, enough that two clients seldom want the same row.
const KNOWN = 300
const NEW = 10_000_000

const say = (line: string): void => void process.stdout.write(`${line}\n`)

// The mocks begin on the client's core with it: what is measured has the other one to itself.
pinSelf(CLIENT_CORE)
const mocks = await startMocksProcess(mocksEntry, {
  runId: 'bench-backend',
  seed: SEED,
  subscribers: NEW,
  carriers: CARRIER_IDS,
  behaviour: { latency: { kind: 'none' }, faults: [], singleUse: 'strict' },
})
try {
  await measureOver('embedded', {})
  if (databaseUrl === '' || redisUrl === '') say('\nSKIPPED: PostgreSQL + Redis; run under scripts/with-stores.ts')
  else await measureOver('PostgreSQL + Redis', { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl })
} finally {
  await mocks.stop()
}

async function measureOver(stores: string, environment: Record<string, string>): Promise<void> {
  // A schema and a key prefix of its own; the stores go when the script that started them ends.
  const base = { ...mocks.ready.environment, SUBSCRIBER_CHECK: 'off', ...environment }
  const own = (): Record<string, string> => ({ ...base, KEY_PREFIX: `bench_${randomBytes(4).toString('hex')}` })
  say(`\n${stores}, ${clients} clients, ${seconds} s each`)
  for (const [who, subscribers] of [
    ['known users', KNOWN],
    ['new users', NEW],
  ] as const) {
    const backend = await startBackend(own())
    await drive(backend.url, mocks.ready, subscribers, clients, subscribers === KNOWN ? 2 : 1)
    const before = backend.cpuSeconds()
    const { logins, created, timesMs, ...took } = await drive(backend.url, mocks.ready, subscribers, clients, seconds)
    const after = backend.cpuSeconds()
    await backend.stop()
    const cpu =
      before === undefined || after === undefined ? '' : `${(((after - before) * 1000) / logins).toFixed(2)} ms CPU each, `
    const at = (q: number): string => `${timesMs[Math.floor(q * timesMs.length)]?.toFixed(1)} ms`
    const share = `${((100 * created) / logins).toFixed(0)} % made an account`
    say(
      `  ${who.padEnd(12)} ${(logins / took.seconds).toFixed(0).padStart(6)} logins/s, ${cpu}p50 ${at(0.5)}, p99 ${at(0.99)}, ${share}`,
    )
  }
  await stagesOver('a known user', KNOWN, { ...own(), STAGE_TIMING: '1' })
  await stagesOver('a new user', NEW, { ...own(), STAGE_TIMING: '1' })
}

/** One client at a time, so that a stage's time is its own and not the wait for others. */
async function stagesOver(who: string, subscribers: number, environment: Record<string, string>): Promise<void> {
  const backend = await startBackend(environment)
  await drive(backend.url, mocks.ready, subscribers, clients, 2)
  const before = await backend.stages()
  const { timesMs, logins } = await drive(backend.url, mocks.ready, subscribers, 1, seconds)
  const after = await backend.stages()
  await backend.stop()
  const whole = timesMs.reduce((sum, ms) => sum + ms, 0)
  let told = 0
  const parts = [...after].map(([stage, { ms }]) => {
    const spent = ms - (before.get(stage)?.ms ?? 0)
    told += spent
    return `${stage} ${((100 * spent) / whole).toFixed(0)} % (${((spent * 1000) / logins).toFixed(0)} µs)`
  })
  const rest = `the rest, HTTP both ways ${((100 * (whole - told)) / whole).toFixed(0)} %`
  say(`  stages of a login of ${who}, one client (${(whole / logins).toFixed(2)} ms): ${[...parts, rest].join(', ')}`)
}
