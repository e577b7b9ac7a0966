import type { Json } from '../../src/contract/json.ts'
import type { Rng } from '../../src/contract/rng.ts'
import { oneCharacterOff } from './lookalike.ts'

export type Mutation = {
  name: string
  /** `undefined` leaves the field out. */
  token: Json | undefined
  /** No carrier's token can look like this, so asking the carrier about it is waste. */
  hopeless: boolean
}

/** Far beyond any documented token, far below any sane body limit. */
const OVERLONG = 4096

/** Ways to break a genuine token, the same for the same stream of chance. Never yields the token itself. */
export function mutations(token: string, rng: Rng): Mutation[] {
  return [...wrongTypes(token), ...hopelessTexts(token), ...nearMisses(token, rng)].filter(mutation => mutation.token !== token)
}

function wrongTypes(token: string): Mutation[] {
  const types: [string, Json | undefined][] = [
    ['left out', undefined],
    ['null', null],
    ['true', true],
    ['zero', 0],
    ['empty list', []],
    ['empty object', {}],
    ['wrapped in a list', [token]],
    ['wrapped in an object', { value: token }],
  ]
  return types.map(([name, value]) => ({ name, token: value, hopeless: true }))
}

function hopelessTexts(token: string): Mutation[] {
  const texts: [string, string][] = [
    ['empty', ''],
    ['over-long', token + 'a'.repeat(OVERLONG - token.length)],
    ['with a NUL', `${token}\u0000`],
    ['with a letter beyond ASCII', `${token.slice(0, -1)}é`],
  ]
  return texts.map(([name, text]) => ({ name, token: text, hopeless: true }))
}

/** What a trimming, case-folding or decoding backend would turn back into the genuine token, and what looks genuine but is not. */
function nearMisses(token: string, rng: Rng): Mutation[] {
  const percent = (text: string): string => [...text].map(c => `%${c.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')
  const texts: [string, string][] = [
    ['one character changed', oneCharacterOff(rng, token)],
    ['cut by one', token.slice(0, -1)],
    ['cut by half', token.slice(0, Math.ceil(token.length / 2))],
    ['longer by one', `${token}0`],
    ['upper case', token.toUpperCase()],
    ['lower case', token.toLowerCase()],
    ['secret in upper case', token.slice(0, -32) + token.slice(-32).toUpperCase()],
    ['space before', ` ${token}`],
    ['space after', `${token} `],
    ['newline after', `${token}\n`],
    ['tab before', `\t${token}`],
    ['percent-encoded', percent(token)],
    ['percent-encoded twice', percent(token).replaceAll('%', '%25')],
    ['base64', Buffer.from(token).toString('base64')],
  ]
  return texts.map(([name, text]) => ({ name, token: text, hopeless: false }))
}
