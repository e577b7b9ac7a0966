import type { Call } from '../dialect.ts'
import { formFields, isObject, jsonObject } from '../wire/string-fields.ts'
import { defineFault } from './fault-part.ts'

/** Shorter values are no message numbers, and would be found by chance. */
const SHORTEST = 6

export default defineFault({
  id: 'wrong-echo',
  about:
    'What the answer repeats of the request (message number, state) is another’s. Nothing changes where nothing is repeated.',
  fields: [],
  parse: () => ({}),
  deed: {
    stage: 'content',
    strike: (_rule, answer, call) => {
      const changed = valuesOf(call)
        .filter(value => answer.body.includes(`"${value}"`))
        .reduce((body, value) => body.replaceAll(`"${value}"`, () => `"${another(value)}"`), answer.body)
      return { ...answer, body: changed }
    },
  },
})

function valuesOf(call: Call): string[] {
  const fields = jsonObject(call.body) ?? formFields(call.body === '' ? call.query : call.body) ?? {}
  return textsIn(fields).filter(value => value.length >= SHORTEST && /^[\w-]+$/.test(value))
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return isObject(value) ? Object.values(value).flatMap(textsIn) : []
}

/** The same form, another value. */
function another(value: string): string {
  const last = value.at(-1) ?? ''
  return value.slice(0, -1) + (last === '0' ? '1' : '0')
}
