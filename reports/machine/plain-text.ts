import { oneLine } from '../printable.ts'

/**
 * Text for a reader that takes brackets for links (SARIF messages, section 3.11.6 of the standard): one line, cut to `most`
 * characters, never empty.
 */
export function plain(text: string, most: number): string {
  const line = oneLine(text).replace(/[\\[\]]/g, '\\$&')
  return cutText(line, most) || '(no text)'
}

/** At most so many UTF-16 units, ending in an ellipsis where it was cut and never in half a character. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text
    .slice(0, most - 1)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/\\+$/, '')}…`
}
