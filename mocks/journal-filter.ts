import { isCarrierId } from '../src/contract/carriers.ts'
import { FAULT_IDS, type FaultId } from '../src/contract/fault.ts'
import type { JournalRow } from '../src/contract/journal.ts'
import { isProviderId } from '../src/contract/providers.ts'

/** Which rows are meant: those that have every given value. `fault: 'none'` = calls that no rule struck. */
export interface JournalFilter {
  provider?: JournalRow['provider']
  carrier?: JournalRow['carrier']
  operation?: string
  /** Any of these, byte for byte. */
  tokens?: readonly string[]
  tokenKind?: JournalRow['tokenKind']
  appId?: string
  signature?: JournalRow['signature']
  httpStatus?: number
  resultCode?: string
  fault?: FaultId | 'none'
  redeemed?: boolean
  billed?: boolean
}

export type FilterField = keyof JournalFilter

type Test = (value: unknown) => boolean
const isText: Test = value => typeof value === 'string'
const isOneOf =
  (...words: readonly string[]): Test =>
  value =>
    typeof value === 'string' && words.includes(value)

/** What each field must be. */
const FIELDS: Readonly<Record<FilterField, { holds: Test; wanted: string }>> = {
  provider: { holds: isProviderId, wanted: 'the id of a provider' },
  carrier: { holds: isCarrierId, wanted: 'the id of a carrier' },
  operation: { holds: isText, wanted: 'a text' },
  tokens: { holds: value => Array.isArray(value) && value.every(isText), wanted: 'a list of texts' },
  tokenKind: { holds: isOneOf('load', 'handset', 'unknown'), wanted: '"load", "handset" or "unknown"' },
  appId: { holds: isText, wanted: 'a text' },
  signature: { holds: isOneOf('ok', 'bad', 'absent'), wanted: '"ok", "bad" or "absent"' },
  httpStatus: { holds: value => Number.isInteger(value), wanted: 'a whole number' },
  resultCode: { holds: isText, wanted: 'a text' },
  fault: { holds: isOneOf('none', ...FAULT_IDS), wanted: '"none" or the id of a fault' },
  redeemed: { holds: value => typeof value === 'boolean', wanted: 'true or false' },
  billed: { holds: value => typeof value === 'boolean', wanted: 'true or false' },
}

export const FILTER_FIELDS = Object.keys(FIELDS) as FilterField[]

/** Takes the filter's fields out of a request; a text says what is wrong. Other fields are left alone. */
export function parseFilter(fields: Readonly<Record<string, unknown>>): JournalFilter | string {
  const filter: Record<string, unknown> = {}
  for (const name of FILTER_FIELDS) {
    const value = fields[name]
    if (value === undefined) continue
    if (!FIELDS[name].holds(value)) return `${name} must be ${FIELDS[name].wanted}.`
    filter[name] = value
  }
  return filter as JournalFilter
}

/** The same out of a query string, where everything is text; `token` stands for one token. */
export function parseTextFilter(query: Readonly<Record<string, unknown>>): JournalFilter | string {
  const fields: Record<string, unknown> = { ...query }
  if (isText(query.token)) fields.tokens = [query.token]
  if (isText(query.httpStatus)) fields.httpStatus = Number(query.httpStatus)
  for (const name of ['redeemed', 'billed']) {
    if (query[name] === 'true' || query[name] === 'false') fields[name] = query[name] === 'true'
  }
  return parseFilter(fields)
}

/** Fields of the filter that a row does not have. */
export function differences(filter: JournalFilter): (row: JournalRow) => FilterField[] {
  const tests = (Object.keys(filter) as FilterField[]).map(name => [name, testOf(name, filter)] as const)
  return row => tests.flatMap(([name, holds]) => (holds(row) ? [] : [name]))
}

function testOf(name: FilterField, filter: JournalFilter): (row: JournalRow) => boolean {
  if (name === 'tokens') {
    const tokens = new Set(filter.tokens)
    return row => tokens.has(row.token)
  }
  if (name === 'fault') {
    const { fault = 'none' } = filter
    return row =>
      fault === 'none' ? row.fault === undefined : row.fault === fault || (row.otherFaults?.includes(fault) ?? false)
  }
  return row => row[name] === filter[name]
}
