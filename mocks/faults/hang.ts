import { defineFault } from './fault-part.ts'

const LONGEST_HOLD_MS = 120_000

export default defineFault({
  id: 'hang',
  about: 'A share of the calls gets no answer; the connection is cut after holdMs. The token is not spent.',
  parse: ({ holdMs }, share) =>
    typeof holdMs === 'number' && holdMs >= 0 && holdMs <= LONGEST_HOLD_MS
      ? { id: 'hang', share, holdMs }
      : `holdMs must be a number from 0 to ${LONGEST_HOLD_MS}`,
  strike: rule => ({ kind: 'silence', holdMs: rule.holdMs }),
})
