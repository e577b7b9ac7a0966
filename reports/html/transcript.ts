import type { TranscriptEntry } from '../../src/contract/attack.ts'
import { html, type Markup } from './markup.ts'

/** How many characters of transcript an attack may put on the page, and one body of it. */
export interface TranscriptRoom {
  exchanges: number
  bodyChars: number
}

/** Requests and replies as they went over the wire, redacted before they were kept. What does not fit is cut with the reason printed. */
export function transcript(entries: readonly TranscriptEntry[], room: TranscriptRoom): Markup | null {
  if (entries.length === 0) return null
  const shown = entries.slice(0, room.exchanges)
  const left = entries.length - shown.length
  return html`<details><summary>Requests and replies (${entries.length})</summary>
${shown.map(entry => exchange(entry, room.bodyChars))}
${left > 0 ? html`<p class="soft">${left} more exchanges are left out so that this page stays small; result.json holds them.</p>` : null}</details>`
}

function exchange(entry: TranscriptEntry, bodyChars: number): Markup {
  const { request, response } = entry
  return html`<div class="exchange"><h4>${entry.id}. ${entry.op}, at ${entry.atMs.toFixed(0)} ms</h4>
<div class="sides"><pre aria-label="Request ${entry.id}">${cut(`${request.method} ${request.url}\n${headerLines(request.headers)}`, bodyChars)}${
    request.body === null
      ? null
      : html`

${cut(request.body, bodyChars)}`
  }</pre>${
    response === null
      ? html`<pre aria-label="No reply ${entry.id}">no reply: ${entry.error ?? 'no reason was kept'}</pre>`
      : html`<pre aria-label="Reply ${entry.id}">${cut(`${response.status}\n${headerLines(response.headers)}`, bodyChars)}

${cut(response.body, bodyChars)}${response.truncated ? '\n[cut when it was recorded]' : ''}</pre>`
  }</div></div>
`
}

function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most)}\n[${text.length - most} of ${text.length} characters left out so that this page stays small]`
}
