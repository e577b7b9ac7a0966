import { setTimeout as sleep } from 'node:timers/promises'
import { HarnessError } from '../contract/errors.ts'
import type { JournalRow } from '../contract/journal.ts'
import type { ControlPlane } from './control-plane.ts'

interface JournalAnswer {
  rows: JournalRow[]
  /** Oldest row outside of load that the mock still holds; a greater one than we began with means that it forgot some of ours. */
  oldestSeq: number
  nextSeq: number
  /** Calls that arrived and have no row yet, because the carrier has not answered them. */
  pending: number
}

/** Reads the mock carriers' journals: the only witness of what a login attempt cost. */
export interface Journals {
  /**
   * Rows since the lab opened whose token is one of these. Throws HarnessError EVIDENCE when the journal forgot some, and when it
   * shows none while a carrier has still not answered a call that nobody else can have made.
   */
  calls(tokens: readonly string[]): Promise<JournalRow[]>
  /** Every row that was ever returned, for the evidence. */
  seen(): JournalRow[]
}

const POLL_MS = 20
const ROW_LIMIT = 20_000
/** A journal that never falls silent is read as it stands then, unless what is missing may be ours. */
const MAX_WAIT_MS = 5_000

export interface JournalOptions {
  /** How long there must be no new row and no call under way for the journal to count as complete, milliseconds. */
  settleMs: number
  /** Others call the carriers too: only the silence of one's own tokens counts, and for longer, since calls under way may be ours. */
  shared: boolean
  /** How long to wait for silence, milliseconds; five seconds unless told. */
  patienceMs?: number
}

/** Longer than a carrier takes while attacks run side by side; those that make carriers slower run alone. */
const SHARED_SETTLE_MS = 250

export async function openJournals(
  control: ControlPlane,
  { settleMs, shared, patienceMs = MAX_WAIT_MS }: JournalOptions,
): Promise<Journals> {
  const ask = (tokens: readonly string[], sinceSeq: number): Promise<JournalAnswer> =>
    control.call<JournalAnswer>('POST', '/__onetap/journal/query', { tokens, sinceSeq, limit: ROW_LIMIT })
  const start = (await ask([], 0)).nextSeq
  const seen = new Map<number, JournalRow>()

  async function settled(tokens: readonly string[]): Promise<JournalAnswer> {
    const giveUpAt = performance.now() + patienceMs
    let answer = await ask(tokens, start)
    let quietSince = performance.now()
    const quietFor = (): number => performance.now() - quietSince
    // Nobody's calls under way: none of ours.
    let idle = answer.pending === 0
    while (quietFor() < settleMs || (!idle && quietFor() < SHARED_SETTLE_MS)) {
      if (performance.now() > giveUpAt) break
      await sleep(POLL_MS)
      const next = await ask(tokens, start)
      idle ||= next.pending === 0
      // Alone, a call anywhere restarts the wait: a straggler of ours may stand behind it.
      const stirred = shared ? next.rows.length !== answer.rows.length : next.nextSeq !== answer.nextSeq || next.pending > 0
      if (stirred) quietSince = performance.now()
      answer = next
    }
    return answer
  }

  return {
    async calls(tokens) {
      if (tokens.length === 0) return []
      const { rows, oldestSeq, pending } = await settled(tokens)
      if (oldestSeq > start)
        throw new HarnessError('EVIDENCE', `The carrier journal forgot rows ${start} to ${oldestSeq - 1} of this attack.`)
      if (!shared && rows.length === 0 && pending > 0)
        throw new HarnessError(
          'EVIDENCE',
          'A carrier has not answered a call yet: whether it was asked about these tokens is not known.',
        )
      for (const row of rows) seen.set(row.seq, row)
      return rows
    },
    seen: () => [...seen.values()].sort((a, b) => a.seq - b.seq),
  }
}
