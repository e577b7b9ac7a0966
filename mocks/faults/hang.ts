import { defineFault, LONGEST_HOLD_MS, within } from './fault-part.ts'

export default defineFault({
  id: 'hang',
  about: 'A share of the calls gets no answer; the connection is cut after holdMs. The token is not spent.',
  fields: ['holdMs'],
  parse: ({ holdMs }) =>
    within(holdMs, 0, LONGEST_HOLD_MS) ? { holdMs } : `holdMs must be a number from 0 to ${LONGEST_HOLD_MS}`,
  deed: { stage: 'delivery', strike: ({ holdMs }) => ({ kind: 'none', end: 'hold', holdMs }) },
})
