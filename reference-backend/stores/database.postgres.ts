import pg from 'pg'
import type { Database, Row, SqlValue, Step } from './database.ts'
import { migratePostgres } from './migrate.postgres.ts'

/** PostgreSQL, in a schema of its own. Statements are prepared per connection, by name. Throws when it cannot be reached. */
export async function openPostgresDatabase(databaseUrl: string, schema: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 16,
    connectionTimeoutMillis: 2000,
    // What is asked in one turn goes out in one: a transaction is two round trips, however many its steps (docs/bench-backend.md).
    pipeline: true,
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

/**
 * All steps go out at once; what came of them decides how the transaction ends. Steps behind one that touched no row run for nothing,
 * may even fail for its sake, and are undone with it.
 */
async function atomically(pool: pg.Pool, steps: readonly Step[], query: Query): Promise<readonly (readonly Row[])[] | undefined> {
  const client = await pool.connect()
  try {
    // allSettled: the first error makes PostgreSQL refuse the steps behind it, and each refusal must be somebody's.
    const [begun, ...sent] = await Promise.allSettled([
      client.query('BEGIN'),
      ...steps.map(step => client.query(query(step.text, step.values))),
    ])
    if (begun.status === 'rejected') throw begun.reason
    const results = readUntilMissing(steps, sent)
    await client.query(results === undefined ? 'ROLLBACK' : 'COMMIT')
    client.release()
    return results
  } catch (error) {
    // The connection may sit in a broken transaction: it is closed, not returned.
    client.release(true)
    throw error
  }
}

/** The rows of each step; undefined when one that must touch a row did not. Throws the first error before that. */
function readUntilMissing(
  steps: readonly Step[],
  sent: readonly PromiseSettledResult<pg.QueryResult<Row>>[],
): readonly (readonly Row[])[] | undefined {
  const results: (readonly Row[])[] = []
  for (const [at, result] of sent.entries()) {
    if (result.status === 'rejected') throw result.reason
    if (steps[at]?.must === true && result.value.rows.length === 0) return undefined
    results.push(result.value.rows)
  }
  return results
}
