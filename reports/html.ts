import { defineReport } from '../src/contract/report.ts'
import type { Result } from '../src/contract/result.ts'
import { page } from './html/page.ts'
import type { TranscriptRoom } from './html/transcript.ts'
import { utf8Bytes } from './printable.ts'

/** Pages above this feel stuck when opened and are refused by some mail and CI viewers. Bytes of UTF-8. */
export const MOST_PAGE_BYTES = 2_000_000

/** First the whole, then less and less of the transcripts, until the page is light enough. Each cut is printed where it was made. */
const ROOMS: readonly { room: TranscriptRoom; withData: boolean }[] = [
  { room: { exchanges: 60, bodyChars: 4000 }, withData: true },
  { room: { exchanges: 60, bodyChars: 4000 }, withData: false },
  { room: { exchanges: 12, bodyChars: 1000 }, withData: false },
  { room: { exchanges: 4, bodyChars: 200 }, withData: false },
]

export default defineReport({
  id: 'html',
  about: 'One self-contained page for people: verdict and reasons, budgets, validity, charts, attacks with their evidence.',
  fileName: 'report.html',
  render,
})

function render(result: Result): string {
  let text = ''
  for (const { room, withData } of ROOMS) {
    text = page(result, room, withData).text
    if (utf8Bytes(text) <= MOST_PAGE_BYTES) return text
  }
  return text
}
