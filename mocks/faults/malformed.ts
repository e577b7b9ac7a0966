import { MALFORMED_FORMS, type MalformedForm } from '../../src/contract/fault.ts'
import { exhaustive } from '../../src/contract/json.ts'
import { type ActFields, defineFault } from './fault-part.ts'

/** Far beyond any answer of a provider, and still written and read in a moment. */
const LONG = 8 * 1024 * 1024

export default defineFault({
  id: 'malformed',
  about:
    'The body is broken off in its middle with the length to match: a whole HTTP answer that does not parse. Or, by form: empty, a web page or a list around it, the answer as a text, its end missing, or eight megabytes long. The token is spent.',
  fields: ['form'],
  parse: ({ form }) => {
    const fields: ActFields<'malformed'> = {}
    if (form === undefined) return fields
    const known = MALFORMED_FORMS.find(one => one === form)
    if (known === undefined) return `form must be one of ${MALFORMED_FORMS.join(', ')}`
    fields.form = known
    return fields
  },
  deed: {
    stage: 'content',
    strike: ({ form = 'cut' }, answer) => ({
      ...answer,
      ...(form === 'page' ? { contentType: 'text/html' } : {}),
      body: mangled(answer.body, form),
    }),
  },
})

function mangled(body: string, form: MalformedForm): string {
  switch (form) {
    case 'cut':
      // A body of two characters or less, such as {}, would stay what it is when cut.
      return `${body.slice(0, Math.ceil(body.length / 2))}{`
    case 'empty':
      return ''
    case 'page':
      return `<html><body><pre>${body}</pre></body></html>`
    case 'list':
      return `[${body}]`
    case 'text':
      return JSON.stringify(body)
    case 'unclosed':
      return body.slice(0, -1)
    case 'long':
      return body.endsWith('}') ? `${body.slice(0, -1)},"padding":"${'a'.repeat(LONG)}"}` : body + ' '.repeat(LONG)
    default:
      return exhaustive(form)
  }
}
