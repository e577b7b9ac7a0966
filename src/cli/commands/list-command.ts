import { nearest } from '../../config/nearest.ts'
import { HarnessError } from '../../contract/errors.ts'
import { EXIT_MEANINGS } from '../../contract/exit-code.ts'
import { attacks, engines, mockParts, reports, scenarios } from '../../rooms.ts'
import { colour, out } from '../output.ts'

type Row = { id: string; about: string; [more: string]: unknown }

const LISTS: Record<string, () => Row[] | Promise<Row[]>> = {
  attacks: () => attacks.map(({ meta }) => ({ ...meta })),
  scenarios: () => scenarios.map(({ id, about, needs }) => ({ id, about, needs })),
  engines: () => engines.map(({ id, about, model }) => ({ id, about, model })),
  reports: () => reports.map(({ id, about, fileName }) => ({ id, about, fileName })),
  providers: async () => (await mockParts()).providers,
  faults: async () => (await mockParts()).faults,
  'exit-codes': () => EXIT_MEANINGS.map(([code, about]) => ({ id: String(code), about })),
}

/** `onetap list [what] [--json]`: everything there is, with the sentence each part opens with. */
export async function list(what: string | undefined, json: boolean): Promise<number> {
  const names = what === undefined ? Object.keys(LISTS) : [what]
  const tables = await Promise.all(names.map(async name => [name, await rowsOf(name)] as const))
  if (json) {
    out.result(JSON.stringify(Object.fromEntries(tables), null, 2))
    return 0
  }
  for (const [name, rows] of tables) {
    const width = Math.max(0, ...rows.map(row => row.id.length))
    out.result(`${colour.bold(name)}\n${rows.map(row => `  ${row.id.padEnd(width)}  ${row.about}`).join('\n')}\n`)
  }
  return 0
}

function rowsOf(name: string): Row[] | Promise<Row[]> {
  const rows = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined
  if (rows !== undefined) return rows()
  const suggestion = nearest(name, Object.keys(LISTS))
  throw new HarnessError('USAGE', `there is no list "${name}"`, {
    hint: suggestion === undefined ? `known: ${Object.keys(LISTS).join(', ')}` : `did you mean "${suggestion}"?`,
  })
}
