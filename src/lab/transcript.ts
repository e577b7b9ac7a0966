import type { TranscriptEntry } from '../contract/attack.ts'
import type { OperationId } from '../contract/target.ts'
import { forTranscript, type RawReply } from './reply.ts'
import type { WireRequest } from './wire-request.ts'

/** The first entries hold the control before, the last the proof and the control after: both ends are kept, the middle is not. */
const KEEP_FIRST = 150
const KEEP_LAST = 350

/** What went over the wire during one attack, bounded. */
export interface Transcript {
  add(entry: Omit<TranscriptEntry, 'id'> & { id: number }): void
  entries(): TranscriptEntry[]
}

export function createTranscript(): Transcript {
  const first: TranscriptEntry[] = []
  const last: TranscriptEntry[] = []
  return {
    add(entry) {
      if (first.length < KEEP_FIRST) {
        first.push(entry)
        return
      }
      last.push(entry)
      if (last.length > KEEP_LAST) last.shift()
    },
    entries: () => [...first, ...last].sort((a, b) => a.id - b.id),
  }
}

/** One exchange as text, bodies cut. `error` says why there is no response. */
export function transcriptEntry(
  id: number,
  op: OperationId,
  atMs: number,
  request: WireRequest,
  outcome: RawReply | { error: string },
): TranscriptEntry {
  const asked = {
    method: request.method,
    url: request.url,
    headers: request.headers,
    body: request.body === undefined ? null : forTranscript(request.body).text,
  }
  if ('error' in outcome) return { id, op, atMs, request: asked, response: null, error: outcome.error }
  const { text, truncated } = forTranscript(outcome.body)
  const response = { status: outcome.status, headers: { ...outcome.headers }, body: text, truncated: truncated || outcome.cut }
  return { id, op, atMs, request: asked, response }
}
