import type { Answer } from '../dialect.ts'
import { defineFault } from './fault-part.ts'

/** As the proxy in front of a gateway answers: no body the carrier's dialect knows. */
const UNAVAILABLE: Answer = {
  httpStatus: 503,
  contentType: 'text/html',
  body: '<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>',
  resultCode: '',
  redeemed: false,
  billed: false,
}

export default defineFault({
  id: 'error-rate',
  about: 'A share of the calls fails: HTTP 503, or HTTP 200 with the carrier’s own system-error code. The token is not spent.',
  parse: ({ answer }, share) =>
    answer === 'http' || answer === 'business' ? { id: 'error-rate', share, answer } : 'answer must be "http" or "business"',
  strike: (rule, reading) => ({ kind: 'answer', answer: rule.answer === 'http' ? UNAVAILABLE : reading.systemError() }),
})
