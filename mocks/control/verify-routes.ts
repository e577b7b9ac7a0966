import type { FastifyInstance } from 'fastify'
import type { JournalRow } from '../../src/contract/journal.ts'
import type { Journal } from '../journal.ts'
import { differences, FILTER_FIELDS, type FilterField, type JournalFilter, parseFilter } from '../journal-filter.ts'
import { fieldsOf, isWholeNumber, refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'

const HINT = `Fields: match (${FILTER_FIELDS.join(', ')}), and exactly, or atLeast and/or atMost.`
const SHOWN = 3

/** How often calls were expected. */
interface Expected {
  atLeast: number
  atMost: number
}

interface Verdict {
  ok: boolean
  /** False when the journal forgot rows that could change the verdict: then `ok` means nothing. */
  conclusive: boolean
  count: number
  /** Calls that arrived and have no row yet. */
  pending: number
  /** The calls counted, the last ones. */
  rows: JournalRow[]
  /** Calls that differ in one field alone, when there were too few: what the backend probably did instead. */
  near: { differs: FilterField; row: JournalRow }[]
}

/** Expectations as counts, checked on the journal: a test asks what its backend did and gets the difference. */
export function addVerifyRoutes(app: FastifyInstance, { journal }: ControlPorts): void {
  app.post('/__onetap/verify', (request, reply) => {
    const fields = fieldsOf(request.body, ['match', 'exactly', 'atLeast', 'atMost'])
    if (typeof fields === 'string') return refuse(reply, 400, 'BAD_REQUEST', fields, HINT)
    const match = fieldsOf(fields.match, FILTER_FIELDS)
    const filter = typeof match === 'string' ? match : parseFilter(match)
    if (typeof filter === 'string') return refuse(reply, 400, 'BAD_REQUEST', `match: ${filter}`, HINT)
    const expected = expectedOf(fields)
    if (typeof expected === 'string') return refuse(reply, 400, 'BAD_REQUEST', expected, HINT)
    return reply.send(verdictOn(journal, filter, expected))
  })
}

function expectedOf({ exactly, atLeast, atMost }: Readonly<Record<string, unknown>>): Expected | string {
  const most = Number.MAX_SAFE_INTEGER
  for (const [name, value] of Object.entries({ exactly, atLeast, atMost })) {
    if (value !== undefined && !isWholeNumber(value, 0, most)) return `${name} must be a whole number.`
  }
  if (exactly !== undefined) {
    if (atLeast !== undefined || atMost !== undefined) return 'exactly goes alone.'
    return { atLeast: Number(exactly), atMost: Number(exactly) }
  }
  // Without a count: called at all.
  if (atLeast === undefined && atMost === undefined) return { atLeast: 1, atMost: most }
  const bounds = { atLeast: Number(atLeast ?? 0), atMost: Number(atMost ?? most) }
  return bounds.atLeast > bounds.atMost ? 'atLeast must not be above atMost.' : bounds
}

function verdictOn(journal: Journal, filter: JournalFilter, { atLeast, atMost }: Expected): Verdict {
  const differ = differences(filter)
  const rows: JournalRow[] = []
  const near: Verdict['near'] = []
  for (const row of journal.rows()) {
    const [first, second] = differ(row)
    if (first === undefined) rows.push(row)
    else if (second === undefined) near.push({ differs: first, row })
  }
  const count = rows.length
  const ok = count >= atLeast && count <= atMost
  // Forgotten rows can only have made the count greater: too many stays too many, and enough stays enough.
  const settled = count > atMost || (count >= atLeast && atMost === Number.MAX_SAFE_INTEGER)
  return {
    ok,
    conclusive: settled || !journal.forgot(filter.tokenKind),
    count,
    pending: journal.pending,
    rows: rows.slice(-SHOWN),
    near: count < atLeast ? near.slice(-SHOWN) : [],
  }
}
