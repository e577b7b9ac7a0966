/** Characters that stand for a hidden digit. */
const HIDING = /[*•●xX×＊#·_]/

/** Every form of a number that a text shows: as many characters as the number has, each its digit there or one that hides it. */
export function masksOf(text: string, number: string): string[] {
  const found = new Set<string>()
  for (let at = 0; at + number.length <= text.length; at++) {
    const part = text.slice(at, at + number.length)
    if (isFormOf(part, number)) found.add(part)
  }
  return [...found]
}

/** At least three digits must be shown: a row of asterisks is everybody's number. */
function isFormOf(part: string, number: string): boolean {
  let shown = 0
  for (let i = 0; i < number.length; i++) {
    const character = part.charAt(i)
    if (character === number.charAt(i)) shown++
    else if (!HIDING.test(character)) return false
  }
  return shown >= 3
}
