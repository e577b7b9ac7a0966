import { migrateResult } from '../src/contract/migrate-result.ts'
import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'

/** The result document itself, which every other report is a view of. */
export default defineReport({
  id: 'json',
  about: 'The result document itself: every other report is a view of it, and any of them can be made from it again.',
  fileName: 'result.json',
  render: result => `${pretty(result, '')}\n`,
})

/** Two spaces a level, keys in the document's order, rows of plain numbers on one line: histograms would else be most of the file. */
function pretty(value: unknown, indent: string): string {
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    if (value.length === 0 || value.every(isNumeric)) return JSON.stringify(value)
    return `[\n${value.map(item => deeper + pretty(item, deeper)).join(',\n')}\n${indent}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, field]) => field !== undefined)
  if (fields.length === 0) return '{}'
  const lines = fields.map(([key, field]) => `${deeper}${JSON.stringify(key)}: ${pretty(field, deeper)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}

function isNumeric(value: unknown): boolean {
  return value === null || typeof value === 'number' || (Array.isArray(value) && value.every(isNumeric))
}

/** Reads a result document back, whatever minor version it has. Throws on another major version: its figures could be misread. */
export function parseResult(text: string): Result {
  return migrateResult(JSON.parse(text))
}
