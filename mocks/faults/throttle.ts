import { defineFault, within } from './fault-part.ts'
import { plainAnswer } from './plain-answer.ts'

export default defineFault({
  id: 'throttle',
  about: 'Calls beyond a rate get the vendor’s own throttling answer, or HTTP 429 where none is known. The token is not spent.',
  fields: ['ratePerSecond'],
  parse: ({ ratePerSecond }) =>
    within(ratePerSecond, 0, 100_000) ? { ratePerSecond } : 'ratePerSecond must be a number from 0 to 100000',
  deed: {
    stage: 'answer',
    strike: (rule, { reading, passes }) =>
      passes(rule, rule.ratePerSecond)
        ? undefined
        : (reading.throttled?.() ?? plainAnswer(429, 'Too Many Requests', { 'retry-after': '1' })),
  },
})
