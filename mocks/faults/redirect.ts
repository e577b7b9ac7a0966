import { type ActFields, defineFault } from './fault-part.ts'
import { plainAnswer } from './plain-answer.ts'

/** Nobody answers there but with 404: a backend that follows shows in the journal, with whatever it sent along. */
const ELSEWHERE = '/moved'

const STATUSES = [301, 302, 303, 307, 308] as const
/** A mock sends nobody to a stranger. */
const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d{1,5}\/[\w/.-]*$/

export default defineFault({
  id: 'redirect',
  about:
    'A redirect to another path of the same host, or to a listener on this machine (`to`). A backend that follows it hands its secrets to wherever it is sent.',
  fields: ['status', 'to'],
  parse: ({ status = 302, to }) => {
    const known = STATUSES.find(one => one === status)
    if (known === undefined) return `status must be one of ${STATUSES.join(', ')}`
    const fields: ActFields<'redirect'> = { status: known }
    if (to === undefined) return fields
    if (typeof to !== 'string' || !LOOPBACK.test(to)) return 'to must be an address http://127.0.0.1:port/path'
    fields.to = to
    return fields
  },
  deed: { stage: 'answer', strike: ({ status, to = ELSEWHERE }) => plainAnswer(status, 'Moved', { location: to }) },
})
