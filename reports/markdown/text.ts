import { oneLine } from '../printable.ts'

/**
 * Foreign text in a Markdown page: one line, every sign that Markdown or HTML knows as its number, and mentions, issue numbers and
 * addresses broken by a space of no width, so that a target's words notify nobody and link nowhere.
 */
export function md(text: string): string {
  return oneLine(text)
    .replace(/([@#])(?=\w)/g, '$1\u200b')
    .replace(/:\/\//g, ':\u200b//')
    .replace(/\bwww\./gi, 'www\u200b.')
    .replace(/[&<>`*[\]|~\\]|(?<!\w)_|_(?!\w)/g, sign => `&#${sign.charCodeAt(0)};`)
}

/** Text of ours or of a target as code: no sign in it can end the span. */
export function code(text: string): string {
  return `<code>${md(text)}</code>`
}

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Parts below each other while they fit; the rest is left out from the end, and the page says so. `most` in bytes of UTF-8. */
export function within(parts: readonly string[], most: number, bytesOf: (text: string) => number): string {
  const left = 'More is left out here so that this page keeps its limit; the whole lies in report.html.'
  const kept: string[] = []
  let room = most - bytesOf(`${left}\n\n`)
  for (const part of parts) {
    const size = bytesOf(`${part}\n\n`)
    if (size > room) return `${[...kept, left].join('\n\n')}\n`
    kept.push(part)
    room -= size
  }
  return `${kept.join('\n\n')}\n`
}
