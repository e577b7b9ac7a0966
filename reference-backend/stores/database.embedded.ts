import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Database, Row, SqlValue, Step } from './database.ts'
import { MIGRATIONS } from './migrations.ts'

/** SQLite, in a file or (path `:memory:`) gone with the process. Calls are synchronous, so nothing runs in between. */
export function openEmbeddedDatabase(path: string): Database {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;')
  migrate(database)
  const prepared = new Map<string, StatementSync>()
  const run = (text: string, values: readonly SqlValue[]): readonly Row[] => {
    let statement = prepared.get(text)
    if (statement === undefined) {
      // SQLite's numbered parameters are written ?1; a plain $1 would be a name to it.
      statement = database.prepare(text.replaceAll(/\$(\d+)/g, '?$1'))
      prepared.set(text, statement)
    }
    return statement.all(...values)
  }
  return {
    rows: async (text, values) => run(text, values),
    atomically: async steps => {
      database.exec('BEGIN IMMEDIATE')
      try {
        const results = runAll(steps, run)
        database.exec(results === undefined ? 'ROLLBACK' : 'COMMIT')
        return results
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    },
    close: async () => database.close(),
  }
}

function runAll(steps: readonly Step[], run: (text: string, values: readonly SqlValue[]) => readonly Row[]) {
  const results: (readonly Row[])[] = []
  for (const step of steps) {
    const rows = run(step.text, step.values)
    if (step.must === true && rows.length === 0) return undefined
    results.push(rows)
  }
  return results
}

/** SQLite keeps a number for whoever wants to count: `user_version` holds how many steps have run. */
function migrate(database: DatabaseSync): void {
  const done = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0)
  MIGRATIONS.slice(done).forEach((step, offset) => {
    database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${done + offset + 1}; COMMIT;`)
  })
}
