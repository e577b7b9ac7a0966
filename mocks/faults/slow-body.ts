import { defineFault, LONGEST_HOLD_MS, within } from './fault-part.ts'

const MOST_CHUNKS = 100

export default defineFault({
  id: 'slow-body',
  about: 'The head comes in time, the body in pieces over overMs: a backend that only limits the wait for the head waits on.',
  fields: ['overMs', 'chunks'],
  parse: ({ overMs, chunks = 10 }) => {
    if (!within(overMs, 0, LONGEST_HOLD_MS)) return `overMs must be a number from 0 to ${LONGEST_HOLD_MS}`
    if (!within(chunks, 1, MOST_CHUNKS) || !Number.isInteger(chunks))
      return `chunks must be a whole number from 1 to ${MOST_CHUNKS}`
    return { overMs, chunks }
  },
  deed: { stage: 'delivery', strike: ({ overMs, chunks }) => ({ kind: 'drip', overMs, chunks }) },
})
