/** Text that is markup. Only `html` makes it, and it escapes whatever it is given, so a target's words can never become an element. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Piece = string | number | Markup | readonly Piece[] | null | undefined | false

/**
 * Builds markup: literal parts as they stand, every value escaped unless it is markup itself. Fit for element content and for
 * double-quoted attribute values; never put a value into a tag name, an unquoted attribute, a script or a style.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  let text = literals[0] ?? ''
  values.forEach((value, i) => {
    text += render(value) + (literals[i + 1] ?? '')
  })
  return new Markup(text)
}

function render(value: Piece): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'object') return value.map(render).join('')
  return escapeText(String(value))
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * Escapes text for HTML and shows by number what would not be seen: control characters, characters without width and those that
 * turn the reading direction. Otherwise evidence could show as something it is not.
 */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"']/g, char => ENTITIES[char] ?? char)
    .replace(UNSEEN, char => `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`)
}

const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|\p{Surrogate}/gu

/** Data for a script element that is not run. `<` is written as an escape, so no string in it can end the element or open a comment. */
export function jsonElement(id: string, value: unknown): Markup {
  const json = JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')
  return new Markup(`<script type="application/json" id="${escapeText(id)}">${json}</script>`)
}

/** A style or script of our own, taken as it stands. Never pass anything that came from a target. */
export function ownElement(tag: 'style' | 'script', text: string): Markup {
  return new Markup(`<${tag}>${text}</${tag}>`)
}
