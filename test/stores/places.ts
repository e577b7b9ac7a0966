import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { Stores } from '../../reference-backend/stores/open.ts'
import { openStores, type StoreSettings } from '../../reference-backend/stores/open.ts'

/** Somewhere to keep things: the same suite runs over each. */
export interface Place {
  name: string
  settings: StoreSettings
  open(): Promise<Stores>
  /** Removes what the suite left there. */
  clear(): Promise<void>
}

export const DATABASE_URL = process.env.ONETAP_TEST_DATABASE_URL ?? ''
export const REDIS_URL = process.env.ONETAP_TEST_REDIS_URL ?? ''
export const hasServers = DATABASE_URL !== '' && REDIS_URL !== ''

export const LEFT_OUT =
  'PostgreSQL and Redis were left out: set ONETAP_TEST_DATABASE_URL and ONETAP_TEST_REDIS_URL, ' +
  'or run under scripts/with-stores.ts, which starts both.'

export function embedded(): Place {
  const settings = { kind: 'embedded', sqlitePath: ':memory:' } as const
  return { name: 'embedded', settings, open: () => openStores(settings, Date.now), clear: async () => {} }
}

/** A schema and a key prefix of its own, so that suites cannot meet. */
export function servers(databaseUrl = DATABASE_URL, redisUrl = REDIS_URL): Place {
  const keyPrefix = `test_${randomBytes(6).toString('hex')}`
  const settings = { kind: 'postgres+redis', databaseUrl, redisUrl, keyPrefix } as const
  return {
    name: 'PostgreSQL + Redis',
    settings,
    open: () => openStores(settings, Date.now),
    clear: () => clearServers(keyPrefix),
  }
}

async function clearServers(keyPrefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  await client.query(`DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(keyPrefix)} CASCADE`)
  await client.end()
  const redis = new Redis(REDIS_URL)
  for await (const keys of redis.scanStream({ match: `${keyPrefix}:*` })) if (keys.length > 0) await redis.del(...keys)
  redis.disconnect()
}
