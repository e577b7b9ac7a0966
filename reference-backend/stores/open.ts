import { sqlAccounts } from './accounts.sql.ts'
import type { AccountStore } from './accounts.ts'
import { openEmbeddedDatabase } from './database.embedded.ts'
import { openPostgresDatabase } from './database.postgres.ts'
import type { Database } from './database.ts'
import { EmbeddedEphemeralStore } from './ephemeral.embedded.ts'
import { openRedisEphemeral } from './ephemeral.redis.ts'
import type { EphemeralStore } from './ephemeral.ts'

export type StoreSettings =
  /** `sqlitePath` may be `:memory:`. */
  | { kind: 'embedded'; sqlitePath: string }
  /** `keyPrefix` begins each Redis key and names the PostgreSQL schema. */
  | { kind: 'postgres+redis'; databaseUrl: string; redisUrl: string; keyPrefix: string }

export interface Stores {
  accounts: AccountStore
  ephemeral: EphemeralStore
}

/**
 * Opens both stores and brings the tables up to date. `asUsed` stands between the statements and the database
 * (controls/sql-parameters.ts). Throws when a store cannot be reached.
 */
export async function openStores(
  settings: StoreSettings,
  nowMs: () => number,
  asUsed: (database: Database) => Database = database => database,
): Promise<Stores> {
  if (settings.kind === 'embedded') {
    const database = openEmbeddedDatabase(settings.sqlitePath)
    return { accounts: sqlAccounts(asUsed(database)), ephemeral: new EmbeddedEphemeralStore(nowMs) }
  }
  const ephemeral = await openRedisEphemeral(settings.redisUrl, settings.keyPrefix)
  try {
    const database = await openPostgresDatabase(settings.databaseUrl, settings.keyPrefix)
    return { accounts: sqlAccounts(asUsed(database)), ephemeral }
  } catch (error) {
    await ephemeral.close()
    throw error
  }
}
