import type { FastifyInstance } from 'fastify'
import { type JournalQuery, OTHER_RING_SIZE } from '../journal.ts'
import { fieldsOf, isWholeNumber, refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'

const HINT = `Fields, all optional: tokens (list of texts), sinceSeq, limit (1 to ${OTHER_RING_SIZE}).`

export function addJournalRoutes(app: FastifyInstance, { journal }: ControlPorts): void {
  app.get('/__onetap/journal/totals', () => journal.totals())
  app.post('/__onetap/journal/query', (request, reply) => {
    const query = queryOf(request.body)
    return typeof query === 'string' ? refuse(reply, 400, 'BAD_REQUEST', query, HINT) : reply.send(journal.query(query))
  })
}

function queryOf(body: unknown): JournalQuery | string {
  const fields = fieldsOf(body, ['tokens', 'sinceSeq', 'limit'])
  if (typeof fields === 'string') return fields
  const { tokens, sinceSeq, limit } = fields
  const query: JournalQuery = {}
  if (tokens !== undefined) {
    if (!Array.isArray(tokens) || !tokens.every(token => typeof token === 'string')) return 'tokens must be a list of texts.'
    query.tokens = tokens
  }
  if (sinceSeq !== undefined) {
    if (!isWholeNumber(sinceSeq, 0, Number.MAX_SAFE_INTEGER)) return 'sinceSeq must be a whole number.'
    query.sinceSeq = sinceSeq
  }
  if (limit !== undefined) {
    if (!isWholeNumber(limit, 1, OTHER_RING_SIZE)) return `limit must be a whole number from 1 to ${OTHER_RING_SIZE}.`
    query.limit = limit
  }
  return query
}
