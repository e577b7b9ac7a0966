import { STATUS_CODES } from 'node:http'
import { type ActFields, defineFault, within } from './fault-part.ts'
import { plainAnswer, withResultCode } from './plain-answer.ts'

/** A code goes into the body as it is: short, and nothing that JSON or XML would have to escape. */
const CODE = /^[A-Za-z0-9._-]{1,64}$/

export default defineFault({
  id: 'error-rate',
  about:
    'A share of the calls fails: an HTTP status, or HTTP 200 with the provider’s own system-error code or another. The token is not spent.',
  fields: ['answer', 'status', 'code'],
  parse: ({ answer, status, code }) => {
    if (answer !== 'http' && answer !== 'business') return 'answer must be "http" or "business"'
    if (status !== undefined && (answer !== 'http' || !within(status, 400, 599) || !Number.isInteger(status)))
      return 'status must be a whole number from 400 to 599, and goes with answer "http"'
    if (code !== undefined && (answer !== 'business' || typeof code !== 'string' || !CODE.test(code)))
      return 'code must be a short code, and goes with answer "business"'
    const fields: ActFields<'error-rate'> = { answer }
    if (status !== undefined) fields.status = status
    if (code !== undefined) fields.code = code
    return fields
  },
  deed: {
    stage: 'answer',
    strike: ({ answer, status = 503, code }, { reading }) => {
      if (answer === 'http')
        return plainAnswer(status, status === 503 ? 'Service Temporarily Unavailable' : (STATUS_CODES[status] ?? 'Error'))
      const error = reading.systemError(code)
      return code === undefined || error.resultCode === code ? error : withResultCode(error, code)
    },
  },
})
