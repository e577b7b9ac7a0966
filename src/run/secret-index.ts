/**
 * Many secrets looked for in one pass over a text: their number does not slow it down. Texts are compared by their first eight
 * characters (the shortest secret there is) and then in full, the longest first, so that a cut token does not uncover the rest of
 * the whole one.
 */
export interface SecretIndex {
  add(secret: string, replacement: string): void
  delete(secret: string): void
  replace(text: string): string
}

/** Shorter texts are no secrets here: they would be found in innocent words. */
export const SHORTEST_SECRET = 8

/** Secrets of one beginning by their length, the longest first: web tokens and carrier tokens begin alike by the thousand. */
type Family = { length: number; replacements: Map<string, string> }[]

export function createSecretIndex(): SecretIndex {
  const families = new Map<string, Family>()
  /** Which characters begin a secret: most positions of a text are left at once. */
  const begins = new Uint8Array(0x1_0000)

  const matchAt = (text: string, at: number): { length: number; replacement: string } | undefined => {
    for (const { length, replacements } of families.get(text.slice(at, at + SHORTEST_SECRET)) ?? []) {
      const found = text.slice(at, at + length)
      const replacement = replacements.get(found)
      if (replacement !== undefined && !cutsNumber(text, at, found)) return { length, replacement }
    }
    return undefined
  }

  return {
    add(secret, replacement) {
      begins[secret.charCodeAt(0)] = 1
      const head = secret.slice(0, SHORTEST_SECRET)
      const family = families.get(head) ?? []
      families.set(head, family)
      const kin = family.find(({ length }) => length === secret.length)
      if (kin !== undefined) kin.replacements.set(secret, replacement)
      else {
        family.push({ length: secret.length, replacements: new Map([[secret, replacement]]) })
        family.sort((a, b) => b.length - a.length)
      }
    },
    delete(secret) {
      const head = secret.slice(0, SHORTEST_SECRET)
      const family = families.get(head) ?? []
      family.find(({ length }) => length === secret.length)?.replacements.delete(secret)
      const rest = family.filter(({ replacements }) => replacements.size > 0)
      if (rest.length === 0) families.delete(head)
      else families.set(head, rest)
    },
    replace(text) {
      let out = ''
      let copied = 0
      for (let at = 0; at <= text.length - SHORTEST_SECRET; at++) {
        if (begins[text.charCodeAt(at)] === 0) continue
        const match = matchAt(text, at)
        if (match === undefined) continue
        out += text.slice(copied, at) + match.replacement
        copied = at + match.length
        at = copied - 1
      }
      return copied === 0 ? text : out + text.slice(copied)
    },
  }
}

/** A secret of digits inside a longer run of digits is another number. */
function cutsNumber(text: string, at: number, secret: string): boolean {
  return /^\d+$/.test(secret) && (/\d/.test(text.charAt(at - 1)) || /\d/.test(text.charAt(at + secret.length)))
}
