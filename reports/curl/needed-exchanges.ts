import type { TranscriptEntry } from '../../src/contract/attack.ts'
import type { AttackResult } from '../../src/contract/result.ts'
import type { Placeholder } from './shell-word.ts'

/** What stands in a recorded text where a secret or a number was: marks of the ledger's redaction, and masked numbers. */
const WITHHELD = /\[(secret|jwt|carrier-token):[a-p]{12}\]|1[3-9]\d\*{4}\d{4}|460\*{8}\d{4}/g

/** A script longer than this is read by nobody; races send hundreds of requests that are all alike. */
export const MOST_EXCHANGES = 40

/**
 * The exchanges that show a finding: those its proof names, and those whose replies held what they were made with. In the order
 * they were sent; `left`: how many more there would be.
 */
export function neededExchanges({ transcript, judgement }: AttackResult): { exchanges: TranscriptEntry[]; left: number } {
  const named = new Set(judgement?.proof?.exchanges ?? [])
  const needed = new Set(transcript.filter(({ id }) => named.has(id)))
  if (needed.size === 0) for (const entry of transcript.slice(0, MOST_EXCHANGES)) needed.add(entry)
  // The set grows while it is walked: what an added exchange was made with is needed too.
  for (const entry of needed) {
    for (const mark of marksIn(requestText(entry))) {
      const source = transcript.find(one => one.id < entry.id && replyText(one).includes(mark))
      if (source !== undefined) needed.add(source)
    }
  }
  const all = [...needed].sort((a, b) => a.id - b.id)
  return { exchanges: all.slice(0, MOST_EXCHANGES), left: Math.max(0, all.length - MOST_EXCHANGES) }
}

/** A value to fill in, and the step whose reply holds it; `null` when none does. */
export interface Wanted extends Placeholder {
  fromStep: number | null
}

/** Every withheld value these exchanges send, in the order they need it: equal values share a variable. */
export function wantedValues(exchanges: readonly TranscriptEntry[]): Wanted[] {
  const wanted: Wanted[] = []
  exchanges.forEach((entry, step) => {
    for (const text of marksIn(requestText(entry))) {
      if (wanted.some(one => one.text === text)) continue
      const from = exchanges.slice(0, step).findIndex(one => replyText(one).includes(text))
      const kind = nameOf(text)
      const number = wanted.filter(one => one.name.startsWith(kind)).length + 1
      wanted.push({ name: `${kind}_${number}`, text, fromStep: from === -1 ? null : from + 1 })
    }
  })
  return wanted
}

export function marksIn(text: string): string[] {
  return [...new Set(text.match(WITHHELD) ?? [])]
}

/** All that a request says, as one text. */
export function requestText({ request }: TranscriptEntry): string {
  return [request.method, request.url, ...Object.entries(request.headers).flat(), request.body ?? ''].join('\n')
}

function replyText({ response }: TranscriptEntry): string {
  return response === null ? '' : [...Object.values(response.headers), response.body].join('\n')
}

function nameOf(mark: string): string {
  if (mark.startsWith('[jwt')) return 'JWT'
  if (mark.startsWith('[carrier')) return 'CARRIER_TOKEN'
  return mark.startsWith('[') ? 'TOKEN' : 'NUMBER'
}
