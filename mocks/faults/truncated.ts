import { defineFault, within } from './fault-part.ts'

export default defineFault({
  id: 'truncated',
  about: 'The connection ends after a share of the body, short of the length that was promised. The token is spent.',
  fields: ['keepShare'],
  parse: ({ keepShare = 0.5 }) =>
    within(keepShare, 0, 1) && keepShare < 1 ? { keepShare } : 'keepShare must be a number from 0 to below 1',
  deed: { stage: 'delivery', strike: ({ keepShare }) => ({ kind: 'cut', keepShare }) },
})
