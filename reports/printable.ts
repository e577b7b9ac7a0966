/** Terminal colours and cursor moves. A target may answer with them; no report passes them on. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const TERMINAL_SEQUENCES = /[\u001b\u009b](?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])?/g

/** Characters XML 1.0 forbids, even escaped (section 2.2 of the recommendation), and halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]|\p{Surrogate}/gu

/** The text without what XML forbids and without terminal sequences. */
export function xmlText(text: string): string {
  return text.replace(TERMINAL_SEQUENCES, '').replace(NOT_XML, '')
}

/** One line that a terminal shows as it is: no sequences, no control characters, white space collapsed. */
export function oneLine(text: string): string {
  return xmlText(text)
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .trim()
}

/** Bytes the text takes as UTF-8; this room has no encoder. */
export function utf8Bytes(text: string): number {
  let bytes = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // Each half of a surrogate pair stands for two of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3
  }
  return bytes
}
