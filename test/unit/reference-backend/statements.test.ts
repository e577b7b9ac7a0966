import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { SQL } from '../../../reference-backend/stores/accounts.statements.ts'
import { MIGRATIONS } from '../../../reference-backend/stores/migrations.ts'

it.each(Object.entries(SQL))('the statement %s finds its rows by an index, however many there are', (_name, text) => {
  const database = new DatabaseSync(':memory:')
  for (const step of MIGRATIONS) database.exec(step)
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${text.replaceAll(/\$(\d+)/g, '?$1')}`).all()
  const scans = plan.map(({ detail }) => String(detail)).filter(detail => /^SCAN (?!CONSTANT ROW)/.test(detail))
  expect(scans).toEqual([])
  database.close()
})
