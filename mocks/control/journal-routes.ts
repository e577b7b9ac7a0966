import type { FastifyInstance, FastifyReply } from 'fastify'
import { CEILINGS } from '../../src/contract/shape.ts'
import { HANDSET_TOKEN_BASE } from '../../src/contract/token.ts'
import { type JournalQuery, OTHER_RING_SIZE } from '../journal.ts'
import { FILTER_FIELDS, type JournalFilter, parseFilter, parseTextFilter } from '../journal-filter.ts'
import { fieldsOf, isWholeNumber, refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'

/** A load of this many visits is the largest the ceilings allow. */
const WIDEST = (CEILINGS.ratePerSecond * CEILINGS.durationMs) / 1000
const RANGE_HINT = `Fields: from and to, indices of load tokens, at most ${WIDEST} apart.`
const PAGE_FIELDS = ['sinceSeq', 'limit', 'newest']
const HINT = `Fields, all optional: ${[...FILTER_FIELDS, 'sinceSeq'].join(', ')}, limit (1 to ${OTHER_RING_SIZE}), newest.`

/** The calls: page by page, filtered, and in sums. */
export function addJournalRoutes(app: FastifyInstance, { journal }: ControlPorts): void {
  const answer = (reply: FastifyReply, query: JournalQuery | string): FastifyReply =>
    typeof query === 'string' ? refuse(reply, 400, 'BAD_REQUEST', query, HINT) : reply.send(journal.query(query))
  app.get('/__onetap/journal/totals', () => journal.totals())
  app.get<{ Querystring: Record<string, unknown> }>('/__onetap/journal', (request, reply) => {
    const query = fieldsOf(request.query, [...FILTER_FIELDS, 'token', ...PAGE_FIELDS])
    return answer(reply, typeof query === 'string' ? query : pageOf(numbersIn(query), parseTextFilter(query)))
  })
  app.post('/__onetap/journal/query', (request, reply) => {
    const fields = fieldsOf(request.body, [...FILTER_FIELDS, ...PAGE_FIELDS])
    return answer(reply, typeof fields === 'string' ? fields : pageOf(fields, parseFilter(fields)))
  })
  app.post('/__onetap/journal/load-tokens', (request, reply) => {
    const range = fieldsOf(request.body, ['from', 'to'])
    if (typeof range === 'string') return refuse(reply, 400, 'BAD_REQUEST', range, RANGE_HINT)
    const { from, to } = range
    const isRange =
      isWholeNumber(from, 0, HANDSET_TOKEN_BASE) && isWholeNumber(to, from, Math.min(HANDSET_TOKEN_BASE, from + WIDEST))
    return isRange
      ? reply.send(journal.traffic.loadTokens(from, to))
      : refuse(reply, 400, 'BAD_REQUEST', 'No such range.', RANGE_HINT)
  })
  app.delete('/__onetap/journal', (_request, reply) => {
    journal.reset()
    return reply.send({ reset: true })
  })
}

function numbersIn(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const number = (value: unknown): unknown => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value)
  const { newest } = query
  return {
    sinceSeq: number(query.sinceSeq),
    limit: number(query.limit),
    newest: newest === undefined ? newest : newest === 'true',
  }
}

function pageOf(fields: Readonly<Record<string, unknown>>, filter: JournalFilter | string): JournalQuery | string {
  if (typeof filter === 'string') return filter
  const { sinceSeq, limit, newest } = fields
  const query: JournalQuery = { ...filter }
  if (sinceSeq !== undefined) {
    if (!isWholeNumber(sinceSeq, 0, Number.MAX_SAFE_INTEGER)) return 'sinceSeq must be a whole number.'
    query.sinceSeq = sinceSeq
  }
  if (limit !== undefined) {
    if (!isWholeNumber(limit, 1, OTHER_RING_SIZE)) return `limit must be a whole number from 1 to ${OTHER_RING_SIZE}.`
    query.limit = limit
  }
  if (newest !== undefined) {
    if (typeof newest !== 'boolean') return 'newest must be true or false.'
    query.newest = newest
  }
  return query
}
