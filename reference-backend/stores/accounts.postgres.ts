import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { AccountStore, LoggedIn, LoginByIdentity } from './accounts.ts'
import { nicknameFor } from './accounts.ts'
import { migratePostgres } from './migrate.postgres.ts'

/** Accounts in PostgreSQL, in a schema of their own. Statements are prepared per connection, by name. Throws when it cannot be reached. */
export async function openPostgresAccounts(databaseUrl: string, schema: string): Promise<AccountStore> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 16,
    connectionTimeoutMillis: 2000,
    // On the connection, not in each statement, so that the SQL below names bare tables.
    options: `-c search_path=${pg.escapeIdentifier(schema)}`,
  })
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  try {
    await migratePostgres(pool, schema)
  } catch (error) {
    await pool.end()
    throw error
  }
  return postgresAccounts(pool)
}

function postgresAccounts(pool: pg.Pool): AccountStore {
  const rows = async (name: string, text: string, values: unknown[]) => (await pool.query({ name, text, values })).rows
  return {
    logIn: login => logIn(pool, login),
    account: async id => {
      const [row] = await rows('account', SQL.account, [id])
      return row === undefined ? undefined : { id: row.id, nickname: row.nickname, msisdn: row.identifier ?? undefined }
    },
    binding: async (type, identifier) => {
      const [row] = await rows('binding', SQL.binding, [type, identifier])
      return row === undefined ? undefined : { identityId: row.id, accountId: row.user_id, verifiedAtMs: Number(row.verified_at) }
    },
    unbind: async identityId => {
      await rows('unbind', SQL.unbind, [identityId])
    },
    noteCarrier: async note => {
      await rows('note-carrier', SQL.noteCarrier, [note.identifier, note.carrier, note.sequence])
    },
    notedCarrier: async identifier => (await rows('noted-carrier', SQL.notedCarrier, [identifier]))[0]?.carrier,
    hasEvent: async eventId => (await rows('has-event', SQL.hasEvent, [eventId])).length > 0,
    recordEvent: async (eventId, atMs) => (await rows('record-event', SQL.recordEvent, [eventId, atMs])).length > 0,
    close: () => pool.end(),
  }
}

/**
 * One statement for whoever was here before. A first login inserts; of many at once the unique index lets one through, the
 * others wait for it, find nothing inserted and go round again to the row it made.
 */
async function logIn(pool: pg.Pool, login: LoginByIdentity): Promise<LoggedIn> {
  for (;;) {
    const known = await pool.query({
      name: 'touch',
      text: SQL.touch,
      values: [login.atMs, login.ip, login.type, login.identifier],
    })
    const [row] = known.rows
    if (row !== undefined) return { accountId: row.user_id, identityId: row.id, created: false }
    const created = await register(pool, login)
    if (created !== undefined) return created
  }
}

async function register(pool: pg.Pool, login: LoginByIdentity): Promise<LoggedIn | undefined> {
  const accountId = randomUUID()
  const identityId = randomUUID()
  const { type, identifier, atMs, ip } = login
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query({ name: 'add-account', text: SQL.addAccount, values: [accountId, nicknameFor(accountId), atMs] })
    const added = await client.query({
      name: 'add-identity',
      text: SQL.addIdentity,
      values: [identityId, accountId, type, identifier, atMs, ip],
    })
    const won = added.rowCount === 1
    await client.query(won ? 'COMMIT' : 'ROLLBACK')
    client.release()
    return won ? { accountId, identityId, created: true } : undefined
  } catch (error) {
    // The connection may sit in a broken transaction: it is closed, not returned.
    client.release(true)
    throw error
  }
}

const SQL = {
  touch: `UPDATE user_authorization SET last_used_at = $1, last_ip = $2
          WHERE identity_type = $3 AND identifier = $4 RETURNING id, user_id`,
  addAccount: 'INSERT INTO user_basic (id, nickname, created_at) VALUES ($1, $2, $3)',
  addIdentity: `INSERT INTO user_authorization (id, user_id, identity_type, identifier, verified_at, last_used_at, last_ip)
          VALUES ($1, $2, $3, $4, $5, $5, $6) ON CONFLICT (identity_type, identifier) DO NOTHING`,
  account: `SELECT b.id, b.nickname, a.identifier FROM user_basic b
          LEFT JOIN user_authorization a ON a.user_id = b.id AND a.identity_type = 'phone' WHERE b.id = $1 LIMIT 1`,
  binding: 'SELECT id, user_id, verified_at FROM user_authorization WHERE identity_type = $1 AND identifier = $2',
  unbind: 'DELETE FROM user_authorization WHERE id = $1',
  noteCarrier: `INSERT INTO number_carrier (identifier, carrier, sequence) VALUES ($1, $2, $3)
          ON CONFLICT (identifier) DO UPDATE SET carrier = excluded.carrier, sequence = excluded.sequence
          WHERE excluded.sequence > number_carrier.sequence`,
  notedCarrier: 'SELECT carrier FROM number_carrier WHERE identifier = $1',
  hasEvent: 'SELECT 1 FROM rebind_event WHERE event_id = $1',
  recordEvent: 'INSERT INTO rebind_event (event_id, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id',
} as const
