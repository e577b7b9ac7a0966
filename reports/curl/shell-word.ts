/**
 * Words of a POSIX shell. Everything stands between single quotes, where nothing has a meaning; a quote itself and what a terminal
 * would act on or not show are written apart. So a text from a target can neither end its word nor show as something else.
 */

/** A value that the reader of a script fills in: its variable, and how it stands in a recorded text. */
export interface Placeholder {
  name: string
  text: string
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ACTED_ON = /[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: a shell cannot hold it
const CANNOT_HOLD = /\u0000/g

/** One word whose value is the text; placeholders in it become variables. NUL and halves of surrogate pairs become U+FFFD. */
export function shellWord(text: string, placeholders: readonly Placeholder[] = []): string {
  const held = text.toWellFormed().replace(CANNOT_HOLD, '\ufffd')
  const pieces = split(held, placeholders)
  const word = pieces.map(piece => (typeof piece === 'string' ? quoted(piece) : `"\${${piece.name}}"`)).join('')
  return word === '' ? "''" : word
}

/** The text on one line of a comment: letters, digits and what cannot end or turn a line. */
export function commentText(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, ' ')
}

function split(text: string, placeholders: readonly Placeholder[]): (string | Placeholder)[] {
  const [first, ...rest] = placeholders
  if (first === undefined) return text === '' ? [] : [text]
  return text.split(first.text).flatMap((piece, i) => [...(i > 0 ? [first] : []), ...split(piece, rest)])
}

function quoted(text: string): string {
  let word = ''
  let from = 0
  for (const { 0: run, index } of text.matchAll(ACTED_ON)) {
    word += single(text.slice(from, index)) + printed(run)
    from = index + run.length
  }
  return word + single(text.slice(from))
}

function single(text: string): string {
  return text === '' ? '' : `'${text.replaceAll("'", `'\\''`)}'`
}

/** By the octal numbers of its UTF-8 bytes, which every `printf` knows. None of these runs ends in a line feed, which `$(…)` would drop. */
function printed(run: string): string {
  const bytes = encodeURIComponent(run).replace(/%([0-9A-F]{2})|./g, (one, hex: string | undefined) =>
    octal(hex === undefined ? one.charCodeAt(0) : Number.parseInt(hex, 16)),
  )
  return `"$(printf '${bytes}')"`
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`
}
