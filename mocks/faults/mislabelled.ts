import { type ActFields, defineFault, within } from './fault-part.ts'
import { withResultCode } from './plain-answer.ts'

const CODE = /^[\x20-\x7e]{0,64}$/

export default defineFault({
  id: 'mislabelled',
  about:
    'The answer is whole and the token spent, but the HTTP status or the result code on it says otherwise, or says it in another spelling.',
  fields: ['status', 'code'],
  parse: ({ status, code }) => {
    if (status === undefined && code === undefined) return 'status or code must be given'
    if (status !== undefined && (!within(status, 201, 599) || !Number.isInteger(status) || status === 204 || status === 304))
      return 'status must be a whole number from 201 to 599 that may have a body'
    if (code !== undefined && (typeof code !== 'string' || !CODE.test(code)))
      return 'code must be a text of at most 64 characters'
    const fields: ActFields<'mislabelled'> = {}
    if (status !== undefined) fields.status = status
    if (code !== undefined) fields.code = code
    return fields
  },
  deed: {
    stage: 'content',
    strike: ({ status, code }, answer) => {
      const labelled = code === undefined ? answer : withResultCode(answer, code)
      return status === undefined ? labelled : { ...labelled, httpStatus: status }
    },
  },
})
