import { setTimeout as sleep } from 'node:timers/promises'
import { HarnessError } from '../contract/errors.ts'
import type { JournalRow } from '../contract/journal.ts'
import type { ControlPlane } from './control-plane.ts'

interface JournalAnswer {
  rows: JournalRow[]
  /** Oldest row the mock still holds; a greater one than we began with means that it forgot some of ours. */
  oldestSeq: number
  nextSeq: number
}

/** Reads the mock carriers' journals: the only witness of what a login attempt cost. */
export interface Journals {
  calls(tokens: readonly string[]): Promise<JournalRow[]>
  /** Every row that was ever returned, for the evidence. */
  seen(): JournalRow[]
}

const POLL_MS = 25
/** A journal that never falls silent (load beside attacks) is read as it stands then. */
const MAX_WAIT_MS = 5_000

/** `settleMs`: how long no new row may come before the journal counts as complete. */
export async function openJournals(control: ControlPlane, settleMs: number): Promise<Journals> {
  const start = (await ask(control, { tokens: [], limit: 1 })).nextSeq
  const seen = new Map<number, JournalRow>()

  return {
    async calls(tokens) {
      if (tokens.length === 0) return []
      let answer = await ask(control, { tokens, sinceSeq: start - 1 })
      const giveUpAt = performance.now() + MAX_WAIT_MS
      for (let quietMs = 0; quietMs < settleMs && performance.now() < giveUpAt; quietMs += POLL_MS) {
        await sleep(POLL_MS)
        const next = await ask(control, { tokens, sinceSeq: start - 1 })
        // A call anywhere restarts the wait: a straggler of ours may stand behind it.
        if (next.nextSeq !== answer.nextSeq) quietMs = 0
        answer = next
      }
      if (answer.oldestSeq > start && answer.nextSeq > answer.oldestSeq)
        throw new HarnessError('EVIDENCE', `The carrier journal forgot rows ${start} to ${answer.oldestSeq - 1} of this attack.`)
      for (const row of answer.rows) seen.set(row.seq, row)
      return answer.rows
    },
    seen: () => [...seen.values()].sort((a, b) => a.seq - b.seq),
  }
}

function ask(
  control: ControlPlane,
  body: { tokens: readonly string[]; sinceSeq?: number; limit?: number },
): Promise<JournalAnswer> {
  return control.call<JournalAnswer>('POST', '/__onetap/journal/query', body)
}
