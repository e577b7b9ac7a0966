import { defineFault, LONGEST_HOLD_MS, within } from './fault-part.ts'

export default defineFault({
  id: 'late-answer',
  about:
    'The answer comes lateMs after it was due. The token is spent on arrival, so a backend that gave up cannot use it again.',
  fields: ['lateMs'],
  parse: ({ lateMs }) =>
    within(lateMs, 0, LONGEST_HOLD_MS) ? { lateMs } : `lateMs must be a number from 0 to ${LONGEST_HOLD_MS}`,
  deed: { stage: 'delivery', strike: ({ lateMs }) => ({ kind: 'whole', lateMs }) },
})
