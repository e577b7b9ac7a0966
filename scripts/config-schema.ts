/**
 * Writes reports/schema/config-1.json from the zod schema of the configuration, for editors and for `ajv`.
 * `--check` writes nothing and fails when the file is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { EXPRESSION_HELP } from '../src/config/budget-schema.ts'
import { configSchema } from '../src/config/schema.ts'

export const CONFIG_SCHEMA_FILE = new URL('../reports/schema/config-1.json', import.meta.url)

/** The schema of what people write (defaults may be left out), as the text of the committed file. */
export function configSchemaText(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' })
  const budgets = schema.properties?.budgets
  // The plain text is turned into an object before zod sees it; an editor has to know it all the same.
  if (typeof budgets === 'object')
    budgets.items = { anyOf: [{ type: 'string', description: EXPRESSION_HELP }, budgets.items as z.core.JSONSchema.BaseSchema] }
  return `${JSON.stringify({ $id: 'urn:onetap:schema:config-1', title: 'onetap configuration', ...schema }, null, 2)}\n`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = configSchemaText()
  if (process.argv.includes('--check')) {
    if (readFileSync(CONFIG_SCHEMA_FILE, 'utf8') === text) process.exit(0)
    process.stderr.write('reports/schema/config-1.json is stale: run `node scripts/config-schema.ts`\n')
    process.exit(1)
  }
  writeFileSync(CONFIG_SCHEMA_FILE, text)
}
