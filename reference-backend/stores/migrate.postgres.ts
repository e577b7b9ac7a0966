import pg from 'pg'
import { MIGRATIONS } from './migrations.ts'

/** Any constant will do; all instances must use the same, so that of two starting at once one migrates and the other waits. */
const LOCK = 0x6f6e65

/** Makes the schema and runs the steps it has not seen, in one transaction. */
export async function migratePostgres(pool: pg.Pool, schema: string): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`)
    await client.query('CREATE TABLE IF NOT EXISTS migration (step integer PRIMARY KEY)')
    const done = Number((await client.query('SELECT count(*) AS steps FROM migration')).rows[0]?.steps ?? 0)
    for (const [offset, step] of MIGRATIONS.slice(done).entries()) {
      await client.query(step)
      await client.query('INSERT INTO migration (step) VALUES ($1)', [done + offset + 1])
    }
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}
