import pg from 'pg'
import type { Database, Row, SqlValue, Step } from './database.ts'
import { migratePostgres } from './migrate.postgres.ts'

/** PostgreSQL, in a schema of its own. Statements are prepared per connection, by name. Throws when it cannot be reached. */
export async function openPostgresDatabase(databaseUrl: string, schema: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 16,
    connectionTimeoutMillis: 2000,
    // On the connection, not in each statement, so that the SQL names bare tables.
    options: `-c search_path=${pg.escapeIdentifier(schema)}`,
  })
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  try {
    await migratePostgres(pool, schema)
  } catch (error) {
    await pool.end()
    throw error
  }
  const query = namedQueries()
  return {
    rows: async (text, values) => (await pool.query(query(text, values))).rows,
    atomically: steps => atomically(pool, steps, query),
    close: () => pool.end(),
  }
}

type Query = (text: string, values: readonly SqlValue[]) => pg.QueryConfig

/** The texts are constants, so each gets a name once and is parsed once per connection. */
function namedQueries(): Query {
  const names = new Map<string, string>()
  return (text, values) => {
    const name = names.get(text) ?? `s${names.size + 1}`
    names.set(text, name)
    return { name, text, values: [...values] }
  }
}

async function atomically(pool: pg.Pool, steps: readonly Step[], query: Query): Promise<readonly (readonly Row[])[] | undefined> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const results: (readonly Row[])[] = []
    for (const step of steps) {
      const { rows } = await client.query(query(step.text, step.values))
      if (step.must === true && rows.length === 0) {
        await client.query('ROLLBACK')
        client.release()
        return undefined
      }
      results.push(rows)
    }
    await client.query('COMMIT')
    client.release()
    return results
  } catch (error) {
    // The connection may sit in a broken transaction: it is closed, not returned.
    client.release(true)
    throw error
  }
}
