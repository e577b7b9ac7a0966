import { randomBytes } from 'node:crypto'
import { maskedNumber, maskNumbers } from './number-mask.ts'
import { holdsSecret, isNumberName, isSecretHeader, isSecretName, replaceInHeader, replaceInText } from './secret-fields.ts'
import { createSecretIndex, SHORTEST_SECRET } from './secret-index.ts'
import { createMark, isMark, spellings } from './secret-mark.ts'

/**
 * Takes secrets and whole phone numbers out of anything before it is written. One redactor lives as long as a run: a secret
 * learnt from a field is hidden wherever it turns up, and always by the same mark, so that equal stays equal for the judge.
 * Numbers, truth values and the words our own records are made of stay as they are.
 */
export interface Redactor {
  /** A value to hide from now on, for instance a key or the control token. One shorter than eight characters is left alone. */
  hide(secret: string): void
  /** A text that looks like a token and is none, for instance an app id of 32 hex digits: it stays where it stands alone. */
  keep(text: string): void
  redact<T>(value: T): T
}

const JWT = /ey[JA][\w-]{8,}\.[\w-]*(?:\.[\w-]*){0,3}|(?<![A-Za-z0-9])eyJ[\w-]{10,}/g
/** 32 hex digits are China Unicom's whole token, as well as a part of the others'; `%22` before them is an escape. */
const CARRIER_TOKEN =
  /STsid\d{19}[0-9A-Za-z]{16,}|(?<![0-9a-z])nm[0-9a-f]{32}(?![0-9a-f])|(?:(?<![0-9a-f])|(?<=%\d[\dA-F]))[0-9a-f]{32,}/g
/** Runs of hex digits that are hash values: SHA-1 (commits), SHA-256 and the longer ones. */
const HASH_LENGTHS = [40, 64, 96, 128]
/**
 * A target may answer `{"token":"required"}`, or our own words to spoil the evidence. Words are masked where the field says
 * they are secret, but not looked for elsewhere; what machines make has digits or capitals, or is longer.
 */
const WORDS = /^[a-z]+(?:[-_ .][a-z]+)*$/
const LONGEST_WORDS = 20
/** Learnt secrets kept, in all their spellings; the oldest go first, so that a long run does not grow without bound. */
const MOST_LEARNT = 100_000

/** `salt` of the marks: random, so that marks cannot be computed beforehand; given in tests. */
export function createRedactor(salt: string = randomBytes(16).toString('hex')): Redactor {
  const mark = createMark(salt)
  const index = createSecretIndex()
  const told = new Set<string>()
  const learnt = new Set<string>()
  const kept = new Set<string>()

  const add = (secret: string, to: Set<string>): void => {
    if (secret.length < SHORTEST_SECRET || isMark(secret)) return
    for (const spelling of spellings(secret)) {
      if (spelling.length < SHORTEST_SECRET || told.has(spelling) || learnt.has(spelling)) continue
      to.add(spelling)
      index.add(spelling, mark(secret))
    }
    for (const oldest of learnt) {
      if (learnt.size <= MOST_LEARNT) break
      learnt.delete(oldest)
      index.delete(oldest)
    }
  }
  const learn = (value: string): string => {
    if (holdsSecret(value) && !(value.length <= LONGEST_WORDS && WORDS.test(value))) add(value, learnt)
    return value
  }
  const hidden = (value: string): string => (holdsSecret(value) && !isMark(value) ? mark(value) : value)
  const clean = (text: string): string =>
    maskNumbers(
      replaceInText(index.replace(text), value => hidden(unescaped(value)))
        .replace(CARRIER_TOKEN, found => (HASH_LENGTHS.includes(found.length) || kept.has(found) ? found : mark(found)))
        .replace(JWT, mark),
    )
  const cleanField = (name: string, text: string): string => {
    if (isSecretHeader(name)) return clean(replaceInHeader(name, text, hidden))
    return isSecretName(name) ? maskNumbers(hidden(text)) : clean(text)
  }

  return {
    hide: secret => add(secret, told),
    keep: text => void kept.add(text),
    redact<T>(value: T): T {
      eachText(value, '', (name, text) => {
        if (isSecretHeader(name)) replaceInHeader(name, text, learn)
        else if (isSecretName(name)) learn(text)
        else replaceInText(text, value => learn(unescaped(value)))
      })
      return rebuilt(value, '', cleanField, clean) as T
    },
  }
}

/** Every text of a record with the name of the field it stands in; members of a list stand in the list's field. */
function eachText(value: unknown, name: string, take: (name: string, text: string) => void): void {
  if (typeof value === 'string') take(name, value)
  else if (Array.isArray(value)) for (const inner of value) eachText(inner, name, take)
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) eachText(inner, key, take)
}

function rebuilt(
  value: unknown,
  name: string,
  cleanField: (name: string, text: string) => string,
  cleanKey: (key: string) => string,
): unknown {
  if (typeof value === 'string') return cleanField(name, value)
  if (typeof value === 'number') return isNumberName(name) ? (maskedNumber(value) ?? value) : value
  if (Array.isArray(value)) return value.map(inner => rebuilt(inner, name, cleanField, cleanKey))
  if (typeof value !== 'object' || value === null) return value
  const taken = new Set<string>()
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      onlyOnce(/^[A-Za-z_-]{1,40}$/.test(key) ? key : cleanKey(key), taken),
      rebuilt(inner, key, cleanField, cleanKey),
    ]),
  )
}

/** Two numbers as keys may look the same when masked; neither entry may be lost. */
function onlyOnce(key: string, taken: Set<string>): string {
  let free = key
  for (let n = 2; taken.has(free); n++) free = `${key} (${n})`
  taken.add(free)
  return free
}

/** A value cut out of JSON text, as it was before it was written there. */
function unescaped(value: string): string {
  if (!value.includes('\\')) return value
  try {
    return String(JSON.parse(`"${value}"`))
  } catch {
    return value
  }
}
