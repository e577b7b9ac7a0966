import type { Database, SqlValue, Step } from '../stores/database.ts'
import { defineControl } from './define.ts'

/** The database as the store uses it. */
export default defineControl<(database: Database) => Database>({
  id: 'sql-parameters',
  why: 'a value that is part of the statement’s text is part of the statement',
  sound: database => database,
  flaws: {
    // Values are put between quotes, and a quote in a value ends them.
    'string-sql': database => ({
      rows: (text, values) => database.rows(joined(text, values), []),
      atomically: steps => database.atomically(steps.map(joinedStep)),
      close: () => database.close(),
    }),
  },
})

function joinedStep({ text, values, must }: Step): Step {
  return { text: joined(text, values), values: [], ...(must === undefined ? {} : { must }) }
}

function joined(text: string, values: readonly SqlValue[]): string {
  return text.replaceAll(/\$(\d+)/g, (_whole, position: string) => {
    const value = values[Number(position) - 1] ?? null
    if (value === null) return 'NULL'
    return typeof value === 'number' ? String(value) : `'${value}'`
  })
}
