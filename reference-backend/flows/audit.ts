import { setImmediate as nextTurn } from 'node:timers/promises'
import type { AccountStore, AuditEntry } from '../stores/accounts.ts'
import { reportTrouble } from '../trouble.ts'

/** Who logged in how, when and from where. */
export interface AuditLog {
  /**
   * Written after the reply, not before it: a slow log must not make logins slow, and a refusal that leaves a line must not be told
   * by its time from one that leaves none. A line that cannot be written is reported.
   */
  record(entry: AuditEntry): void
  of(accountId: string): Promise<readonly AuditEntry[]>
  /** Resolves when all that was recorded is written. */
  drain(): Promise<void>
}

const MOST_SHOWN = 50

export function auditLog(accounts: AccountStore): AuditLog {
  const writing = new Set<Promise<void>>()
  return {
    record: entry => {
      const written = nextTurn()
        .then(() => accounts.audit(entry))
        .catch(reportTrouble)
        .finally(() => writing.delete(written))
      writing.add(written)
    },
    of: accountId => accounts.auditOf(accountId, MOST_SHOWN),
    drain: async () => {
      await Promise.all(writing)
    },
  }
}
