/**
 * Phone numbers (`138****5678`, as every carrier's page shows them) and IMSIs. A mainland mobile number has eleven digits and
 * begins with 13 to 19; inside a longer run of digits (a time, a count) it is none. Escapes that end in digits (`%20`, `\u0022`)
 * do not lengthen a run.
 */
const NO_DIGIT_BEFORE = String.raw`(?:(?<!\d)|(?<=%[\dA-Fa-f]{2})|(?<=\\u[\dA-Fa-f]{4}))`
const COUNTRY = String.raw`(?:(?:\+|%2[Bb]|00)?86[- ]?)`
const PLAIN = new RegExp(`${NO_DIGIT_BEFORE}(${COUNTRY}?0?)(1[3-9]\\d)\\d{4}(\\d{4})(?!\\d)`, 'g')
/** Spaced or hyphened 3-4-4. A hyphen further on makes it something else, for instance a UUID. */
const GROUPED = new RegExp(`(?<![0-9A-Za-z-])(${COUNTRY})?(1[3-9]\\d)([- ])\\d{4}\\3(\\d{4})(?![0-9A-Za-z-])`, 'g')
const IMSI = new RegExp(`${NO_DIGIT_BEFORE}460\\d{8}(\\d{4})(?!\\d)`, 'g')

export function maskNumbers(text: string): string {
  return text
    .replace(IMSI, '460********$1')
    .replace(PLAIN, '$1$2****$3')
    .replace(
      GROUPED,
      (_, country: string | undefined, head: string, gap: string, tail: string) =>
        `${country ?? ''}${head}${gap}****${gap}${tail}`,
    )
}

/** The same for a number that is not text; undefined when it is no phone number. */
export function maskedNumber(value: number): string | undefined {
  if (!Number.isInteger(value) || value < 1.3e10) return undefined
  const text = String(value)
  const masked = maskNumbers(text)
  return masked === text ? undefined : masked
}
