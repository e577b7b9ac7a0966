import { randomUUID } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Account, AccountStore, Binding, CarrierNote, IdentityType, LoggedIn, LoginByIdentity } from './accounts.ts'
import { nicknameFor } from './accounts.ts'
import { MIGRATIONS } from './migrations.ts'

/** Accounts in SQLite, in a file or (path `:memory:`) gone with the process. Calls are synchronous, so nothing runs in between. */
export class EmbeddedAccountStore implements AccountStore {
  readonly #database: DatabaseSync
  readonly #sql: Statements

  constructor(path: string) {
    this.#database = new DatabaseSync(path)
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;')
    migrate(this.#database)
    this.#sql = prepare(this.#database)
  }

  async logIn(login: LoginByIdentity): Promise<LoggedIn> {
    const known = this.#sql.touch.get(login.atMs, login.ip, login.type, login.identifier)
    if (known !== undefined) return { accountId: text(known.user_id), identityId: text(known.id), created: false }
    const accountId = randomUUID()
    const identityId = randomUUID()
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      this.#sql.addAccount.run(accountId, nicknameFor(accountId), login.atMs)
      this.#sql.addIdentity.run(identityId, accountId, login.type, login.identifier, login.atMs, login.atMs, login.ip)
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
    return { accountId, identityId, created: true }
  }

  async account(id: string): Promise<Account | undefined> {
    const row = this.#sql.account.get(id)
    if (row === undefined) return undefined
    return { id: text(row.id), nickname: text(row.nickname), msisdn: row.identifier === null ? undefined : text(row.identifier) }
  }

  async binding(type: IdentityType, identifier: string): Promise<Binding | undefined> {
    const row = this.#sql.binding.get(type, identifier)
    if (row === undefined) return undefined
    return { identityId: text(row.id), accountId: text(row.user_id), verifiedAtMs: Number(row.verified_at) }
  }

  async unbind(identityId: string): Promise<void> {
    this.#sql.unbind.run(identityId)
  }

  async noteCarrier(note: CarrierNote): Promise<void> {
    this.#sql.noteCarrier.run(note.identifier, note.carrier, note.sequence)
  }

  async notedCarrier(identifier: string): Promise<string | undefined> {
    const row = this.#sql.notedCarrier.get(identifier)
    return row === undefined ? undefined : text(row.carrier)
  }

  async hasEvent(eventId: string): Promise<boolean> {
    return this.#sql.hasEvent.get(eventId) !== undefined
  }

  async recordEvent(eventId: string, atMs: number): Promise<boolean> {
    return Number(this.#sql.recordEvent.run(eventId, atMs).changes) === 1
  }

  async close(): Promise<void> {
    this.#database.close()
  }
}

type Statements = ReturnType<typeof prepare>

function prepare(database: DatabaseSync) {
  const sql = (source: string): StatementSync => database.prepare(source)
  return {
    touch: sql(`UPDATE user_authorization SET last_used_at = ?, last_ip = ?
                WHERE identity_type = ? AND identifier = ? RETURNING id, user_id`),
    addAccount: sql('INSERT INTO user_basic (id, nickname, created_at) VALUES (?, ?, ?)'),
    addIdentity: sql(`INSERT INTO user_authorization
                (id, user_id, identity_type, identifier, verified_at, last_used_at, last_ip) VALUES (?, ?, ?, ?, ?, ?, ?)`),
    account: sql(`SELECT b.id, b.nickname, a.identifier FROM user_basic b
                LEFT JOIN user_authorization a ON a.user_id = b.id AND a.identity_type = 'phone' WHERE b.id = ? LIMIT 1`),
    binding: sql('SELECT id, user_id, verified_at FROM user_authorization WHERE identity_type = ? AND identifier = ?'),
    unbind: sql('DELETE FROM user_authorization WHERE id = ?'),
    noteCarrier: sql(`INSERT INTO number_carrier (identifier, carrier, sequence) VALUES (?, ?, ?)
                ON CONFLICT (identifier) DO UPDATE SET carrier = excluded.carrier, sequence = excluded.sequence
                WHERE excluded.sequence > number_carrier.sequence`),
    notedCarrier: sql('SELECT carrier FROM number_carrier WHERE identifier = ?'),
    hasEvent: sql('SELECT 1 FROM rebind_event WHERE event_id = ?'),
    recordEvent: sql('INSERT INTO rebind_event (event_id, received_at) VALUES (?, ?) ON CONFLICT DO NOTHING'),
  }
}

/** SQLite keeps a number for whoever wants to count: `user_version` holds how many steps have run. */
function migrate(database: DatabaseSync): void {
  const done = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0)
  MIGRATIONS.slice(done).forEach((step, offset) => {
    database.exec(`BEGIN IMMEDIATE; ${step}; PRAGMA user_version = ${done + offset + 1}; COMMIT;`)
  })
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('A text column holds something else.')
  return value
}
