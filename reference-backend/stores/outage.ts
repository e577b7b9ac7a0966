const SYSTEM_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH'])

/** PostgreSQL's own words for "not now": class 08 connection, 53 resources, 57P shutting down or starting. */
const SQL_STATES = /^(?:08|53|57P)/

/** What pg and ioredis say without a code when the connection is gone. */
const SENTENCES =
  /Connection (?:is closed|terminated|ended)|Command timed out|timeout exceeded when trying to connect|Stream isn't writeable/

/** True when an error means that a store could not be reached, as opposed to a mistake in what it was asked. */
export function isStoreOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name === 'MaxRetriesPerRequestError') return true
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return SYSTEM_CODES.has(code) || SQL_STATES.test(code) || SENTENCES.test(error.message)
}
