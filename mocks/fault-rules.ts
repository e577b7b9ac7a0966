import { FAULT_IDS, type FaultRule, faultName } from '../src/contract/fault.ts'
import { isProviderId, PROVIDER_IDS, type ProviderId } from '../src/contract/providers.ts'
import { type FaultPartId, faults } from './faults/index.ts'
import { isObject } from './wire/string-fields.ts'

const SCOPE_FIELDS = ['id', 'share', 'name', 'providers', 'operations', 'fromMs', 'toMs', 'ttlMs', 'originMs']
const NAME = /^[a-z0-9-]{1,40}$/
const MOST_RULES = 100

/** Reads a list of fault rules; a text says which is wrong and how. */
export function parseFaults(value: unknown): FaultRule[] | string {
  if (!Array.isArray(value) || value.length > MOST_RULES) return `faults must be a list of at most ${MOST_RULES} rules`
  const rules: FaultRule[] = []
  for (const [position, item] of value.entries()) {
    const rule = parseFault(item)
    if (typeof rule === 'string') return `faults[${position}]${rule}`
    rules.push(rule)
  }
  return rules
}

/** Reads one rule; a text says what is wrong, and goes on from the rule's own name (`.share must be …`). */
export function parseFault(item: unknown): FaultRule | string {
  const fields = isObject(item) ? item : {}
  const { id } = fields
  if (typeof id !== 'string' || !Object.hasOwn(faults, id)) return `.id must be one of ${FAULT_IDS.join(', ')}`
  const part = faults[id as FaultPartId]
  const known: readonly string[] = [...SCOPE_FIELDS, ...part.fields]
  const stranger = Object.keys(fields).find(name => !known.includes(name))
  if (stranger !== undefined) return `.${stranger} is unknown; ${id} takes ${known.slice(1).join(', ')}`
  const scope = parseScope(fields)
  if (typeof scope === 'string') return `.${scope}`
  const act = part.parse(fields)
  return typeof act === 'string' ? `.${act}` : ({ id, ...scope, ...act } as FaultRule)
}

/** Rules with one of them put in, changed or (null) taken away, by name. A change is merged field by field, null takes a field away. */
export function patchFaults(rules: readonly FaultRule[], patch: Readonly<Record<string, unknown>>): FaultRule[] | string {
  let next = [...rules]
  for (const [name, change] of Object.entries(patch)) {
    const position = next.findIndex(rule => faultName(rule) === name)
    if (change === null) {
      next = next.filter(rule => faultName(rule) !== name)
      continue
    }
    if (!isObject(change)) return `${name} must be a rule, or null to take it away`
    const merged = parseFault(mergedRule(next[position], name, change))
    if (typeof merged === 'string') return `${name}${merged}`
    if (faultName(merged) !== name) return `${name}.name must be the name it stands under`
    if (position < 0) next.push(merged)
    else next[position] = merged
  }
  return next.length > MOST_RULES ? `at most ${MOST_RULES} rules` : next
}

/** A rule that is put in anew counts its times from now, also where it had a moment of its own. */
function mergedRule(before: FaultRule | undefined, name: string, change: Readonly<Record<string, unknown>>): object {
  const fresh = { share: 1, ...(Object.hasOwn(faults, name) ? { id: name } : { name }) }
  const merged: Record<string, unknown> = { ...(before ?? fresh), originMs: null, ...change }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null))
}

type Scope = Omit<FaultRule, 'id'>

function parseScope(fields: Readonly<Record<string, unknown>>): Scope | string {
  const { share, name, providers, operations } = fields
  if (typeof share !== 'number' || !(share >= 0 && share <= 1)) return 'share must be 0 to 1'
  if (name !== undefined && (typeof name !== 'string' || !NAME.test(name))) return 'name must be a short name of a-z, 0-9 and -'
  if (providers !== undefined && !isListOf(providers, isProviderId)) {
    return `providers must be some of ${PROVIDER_IDS.join(', ')}`
  }
  if (operations !== undefined && !isListOf(operations, (one): one is string => typeof one === 'string')) {
    return 'operations must be a list of names'
  }
  const times: Record<string, number> = {}
  for (const field of ['fromMs', 'toMs', 'ttlMs', 'originMs']) {
    const value = fields[field]
    if (value === undefined) continue
    if (typeof value !== 'number' || !(value >= 0 && value < Number.MAX_SAFE_INTEGER))
      return `${field} must be a time of 0 or more`
    times[field] = value
  }
  const lists: { name?: string; providers?: ProviderId[]; operations?: string[] } = {}
  if (name !== undefined) lists.name = name
  if (providers !== undefined) lists.providers = providers
  if (operations !== undefined) lists.operations = operations
  return { share, ...lists, ...times }
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every(is)
}
