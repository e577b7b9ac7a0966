import { randomUUID } from 'node:crypto'
import { SQL } from './accounts.statements.ts'
import type {
  AccountStore,
  AuditEntry,
  Binding,
  BindOutcome,
  BindRequest,
  Identity,
  LoggedIn,
  LoginByIdentity,
} from './accounts.ts'
import { nicknameFor } from './accounts.ts'
import type { Database, Row, SqlValue } from './database.ts'

/** Accounts in a relational database: one path for both kinds. */
export function sqlAccounts(database: Database): AccountStore {
  const first = async (text: string, ...values: SqlValue[]): Promise<Row | undefined> => (await database.rows(text, values))[0]
  return {
    logIn: login => logIn(database, login),
    touch: async (identityId, atMs, ip) => {
      const row = await first(SQL.touchRow, identityId, atMs, ip)
      return row && { accountId: text(row.user_id), identityId, created: false }
    },
    register: login => register(database, login),
    account: async id => {
      const row = await first(SQL.account, id)
      if (row === undefined) return undefined
      const { nickname, avatar, identifier } = row
      const createdAtMs = Number(row.created_at)
      return { id, nickname: text(nickname), avatar: optionalText(avatar), createdAtMs, msisdn: optionalText(identifier) }
    },
    changeProfile: async (id, change) => {
      await database.rows(SQL.changeProfile, [id, change.nickname ?? null, change.avatar ?? null])
    },
    binding: async (type, identifier) => bindingOf(await first(SQL.binding, type, identifier)),
    claimant: async (type, identifier) => bindingOf(await first(SQL.claimant, type, identifier)),
    setHolderSince: async (identityId, atMs) => {
      await database.rows(SQL.setHolderSince, [identityId, atMs])
    },
    identities: async accountId => (await database.rows(SQL.identities, [accountId])).map(identityOf),
    bind: request => bind(database, request),
    claim: async ({ accountId, type, identifier, atMs, ip }) => {
      await database.rows(SQL.addIdentity, [randomUUID(), accountId, type, identifier, null, 0, atMs, ip])
    },
    removeType: async (accountId, type) => {
      const results = await database.atomically([
        { text: SQL.lockAccount, values: [accountId], must: true },
        { text: SQL.removeType, values: [accountId, type], must: true },
      ])
      return results?.[1]?.map(row => text(row.id))
    },
    unbind: async identityId => {
      await database.rows(SQL.unbind, [identityId])
    },
    demote: async identityId => {
      await database.rows(SQL.demote, [identityId])
    },
    credential: async identityId => optionalText((await first(SQL.credential, identityId))?.credential),
    setCredential: async (identityId, credential) => {
      await database.rows(SQL.setCredential, [identityId, credential])
    },
    passwordHash: async accountId => optionalText((await first(SQL.passwordHash, accountId))?.credential),
    setPasswordHash: async (accountId, hash, atMs, ip) => {
      const values = [randomUUID(), accountId, 'password', accountId, hash, 1, atMs, ip]
      const results = await database.atomically([
        { text: SQL.lockAccount, values: [accountId], must: true },
        { text: SQL.dropPassword, values: [accountId] },
        { text: SQL.addIdentity, values, must: true },
      ])
      return results !== undefined
    },
    noteCarrier: async note => {
      await database.rows(SQL.noteCarrier, [note.identifier, note.carrier, note.sequence])
    },
    notedCarrier: async identifier => optionalText((await first(SQL.notedCarrier, identifier))?.carrier),
    hasEvent: async eventId => (await first(SQL.hasEvent, eventId)) !== undefined,
    recordEvent: async (eventId, atMs) => (await first(SQL.recordEvent, eventId, atMs)) !== undefined,
    audit: async ({ accountId, method, outcome, atMs, ip }) => {
      await database.rows(SQL.audit, [randomUUID(), accountId ?? null, method, outcome, atMs, ip])
    },
    auditOf: async (accountId, most) => (await database.rows(SQL.auditOf, [accountId, most])).map(auditEntryOf),
    dropUniqueness: async () => {
      await database.rows(SQL.dropUniqueness, [])
    },
    close: () => database.close(),
  }
}

/**
 * One statement for whoever was here before. A first login inserts; of many at once the unique index lets one through, the
 * others wait for it, find nothing inserted and go round again to the row it made.
 */
async function logIn(database: Database, login: LoginByIdentity): Promise<LoggedIn> {
  const { type, identifier, atMs, ip, credential = null } = login
  for (;;) {
    const [known] = await database.rows(SQL.touch, [atMs, ip, type, identifier, credential])
    if (known !== undefined) return { accountId: text(known.user_id), identityId: text(known.id), created: false }
    const registered = await register(database, login)
    if (registered !== undefined) return registered
  }
}

async function register(database: Database, login: LoginByIdentity): Promise<LoggedIn | undefined> {
  const { type, identifier, atMs, ip, credential = null } = login
  const accountId = randomUUID()
  const identityId = randomUUID()
  const done = await database.atomically([
    { text: SQL.addAccount, values: [accountId, nicknameFor(accountId), atMs] },
    { text: SQL.addIdentity, values: [identityId, accountId, type, identifier, credential, 1, atMs, ip], must: true },
    { text: SQL.dropClaims, values: [type, identifier] },
  ])
  return done === undefined ? undefined : { accountId, identityId, created: true }
}

async function bind(database: Database, request: BindRequest): Promise<BindOutcome> {
  const { accountId, type, identifier, credential = null, atMs, ip } = request
  const identityId = randomUUID()
  const onePerType = request.onePerType ? 1 : 0
  const done = await database.atomically([
    { text: SQL.lockAccount, values: [accountId], must: true },
    { text: SQL.dropClaim, values: [accountId, type, identifier] },
    { text: SQL.bind, values: [identityId, accountId, type, identifier, credential, atMs, ip, onePerType], must: true },
    { text: SQL.dropClaims, values: [type, identifier] },
  ])
  if (done !== undefined) return { kind: 'bound', identityId }
  const [owner] = await database.rows(SQL.binding, [type, identifier])
  if (owner === undefined) return { kind: 'occupied' }
  return { kind: owner.user_id === accountId ? 'already' : 'taken' }
}

function bindingOf(row: Row | undefined): Binding | undefined {
  if (row === undefined) return undefined
  const { id, user_id: accountId, verified_at: verifiedAt, holder_since: holderSince } = row
  return {
    identityId: text(id),
    accountId: text(accountId),
    verifiedAtMs: Number(verifiedAt),
    holderSinceMs: Number(holderSince),
  }
}

function identityOf(row: Row): Identity {
  const { id, identity_type: type, identifier } = row
  const verified = Number(row.verified) === 1
  return {
    id: text(id),
    type: text(type) as Identity['type'],
    identifier: text(identifier),
    verified,
    lastUsedAtMs: Number(row.last_used_at),
  }
}

function auditEntryOf(row: Row): AuditEntry {
  const { user_id: accountId, method, outcome, ip } = row
  return { accountId: optionalText(accountId), method: text(method), outcome: text(outcome), atMs: Number(row.at), ip: text(ip) }
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('A text column holds something else.')
  return value
}

function optionalText(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : text(value)
}
