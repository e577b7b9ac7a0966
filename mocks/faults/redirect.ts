import { defineFault } from './fault-part.ts'
import { plainAnswer } from './plain-answer.ts'

/** Nobody answers there but with 404: a backend that follows shows in the journal, with whatever it sent along. */
const ELSEWHERE = '/moved'

const STATUSES = [301, 302, 303, 307, 308] as const

export default defineFault({
  id: 'redirect',
  about: 'A redirect to another path of the same host. A backend that follows it hands its secrets to wherever it is sent.',
  fields: ['status'],
  parse: ({ status = 302 }) => {
    const known = STATUSES.find(one => one === status)
    return known === undefined ? `status must be one of ${STATUSES.join(', ')}` : { status: known }
  },
  deed: { stage: 'answer', strike: ({ status }) => plainAnswer(status, 'Moved', { location: ELSEWHERE }) },
})
