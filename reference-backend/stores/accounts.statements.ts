/** Every statement over the tables, in SQL that SQLite and PostgreSQL both read. */
export const SQL = {
  touch: `UPDATE user_authorization SET last_used_at = $1, last_ip = $2, credential = COALESCE($5, credential)
          WHERE identity_type = $3 AND identifier = $4 AND verified = 1 RETURNING id, user_id`,
  touchRow: 'UPDATE user_authorization SET last_used_at = $2, last_ip = $3 WHERE id = $1 AND verified = 1 RETURNING id, user_id',
  addAccount: 'INSERT INTO user_basic (id, nickname, created_at) VALUES ($1, $2, $3)',
  addIdentity: `INSERT INTO user_authorization
          (id, user_id, identity_type, identifier, credential, verified, verified_at, last_used_at, last_ip)
          VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8) ON CONFLICT DO NOTHING RETURNING id`,
  account: `SELECT b.id, b.nickname, b.avatar, b.created_at, a.identifier FROM user_basic b
          LEFT JOIN user_authorization a ON a.user_id = b.id AND a.identity_type = 'phone' AND a.verified = 1
          WHERE b.id = $1 ORDER BY a.verified_at LIMIT 1`,
  changeProfile: 'UPDATE user_basic SET nickname = COALESCE($2, nickname), avatar = COALESCE($3, avatar) WHERE id = $1',
  // Changes nothing; the row stays locked until the transaction ends, so that what follows is decided one at a time.
  lockAccount: 'UPDATE user_basic SET nickname = nickname WHERE id = $1 RETURNING id',
  binding: `SELECT id, user_id, verified_at, COALESCE(holder_since, verified_at) AS holder_since FROM user_authorization
          WHERE identity_type = $1 AND identifier = $2 AND verified = 1`,
  identities: `SELECT id, identity_type, identifier, verified, last_used_at FROM user_authorization
          WHERE user_id = $1 AND identity_type <> 'password' ORDER BY verified_at, id`,
  dropClaim: 'DELETE FROM user_authorization WHERE user_id = $1 AND identity_type = $2 AND identifier = $3 AND verified = 0',
  dropClaims: 'DELETE FROM user_authorization WHERE identity_type = $1 AND identifier = $2 AND verified = 0',
  bind: `INSERT INTO user_authorization
          (id, user_id, identity_type, identifier, credential, verified, verified_at, last_used_at, last_ip)
          SELECT $1, $2, $3, $4, CAST($5 AS text), 1, CAST($6 AS bigint), CAST($6 AS bigint), $7
          WHERE CAST($8 AS integer) = 0 OR NOT EXISTS
            (SELECT 1 FROM user_authorization WHERE user_id = $2 AND identity_type = $3 AND verified = 1)
          ON CONFLICT DO NOTHING RETURNING id`,
  removeType: `DELETE FROM user_authorization WHERE user_id = $1 AND identity_type = $2 AND verified = 1 AND EXISTS
          (SELECT 1 FROM user_authorization other WHERE other.user_id = $1 AND other.verified = 1
           AND other.identity_type <> $2 AND other.identity_type <> 'password') RETURNING id`,
  unbind: 'DELETE FROM user_authorization WHERE id = $1',
  demote: 'UPDATE user_authorization SET verified = 0 WHERE id = $1',
  setHolderSince: 'UPDATE user_authorization SET holder_since = $2 WHERE id = $1',
  claimant: `SELECT id, user_id, verified_at, verified_at AS holder_since FROM user_authorization
          WHERE identity_type = $1 AND identifier = $2 AND verified = 0 ORDER BY verified_at LIMIT 1`,
  credential: 'SELECT credential FROM user_authorization WHERE id = $1',
  setCredential: 'UPDATE user_authorization SET credential = $2 WHERE id = $1',
  // A password's row is verified, like any that opens an account; saying so lets the index of owners find it.
  passwordHash: `SELECT credential FROM user_authorization WHERE identity_type = 'password' AND identifier = $1 AND verified = 1`,
  dropPassword: `DELETE FROM user_authorization WHERE identity_type = 'password' AND identifier = $1 AND verified = 1`,
  noteCarrier: `INSERT INTO number_carrier (identifier, carrier, sequence) VALUES ($1, $2, $3)
          ON CONFLICT (identifier) DO UPDATE SET carrier = excluded.carrier, sequence = excluded.sequence
          WHERE excluded.sequence > number_carrier.sequence`,
  notedCarrier: 'SELECT carrier FROM number_carrier WHERE identifier = $1',
  hasEvent: 'SELECT 1 AS known FROM rebind_event WHERE event_id = $1',
  recordEvent: 'INSERT INTO rebind_event (event_id, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING event_id',
  audit: 'INSERT INTO audit_log (id, user_id, method, outcome, at, ip) VALUES ($1, $2, $3, $4, $5, $6)',
  auditOf: 'SELECT user_id, method, outcome, at, ip FROM audit_log WHERE user_id = $1 ORDER BY at DESC, id LIMIT $2',
  dropUniqueness: 'DROP INDEX IF EXISTS user_authorization_owner',
} as const
