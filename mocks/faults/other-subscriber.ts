import { CARRIER_IDS } from '../../src/contract/carriers.ts'
import { SUBSCRIBER_LIMIT } from '../../src/contract/people.ts'
import { defineFault } from './fault-part.ts'

/** The next number of the same carrier. */
const STEP = CARRIER_IDS.length

export default defineFault({
  id: 'other-subscriber',
  about: 'The token is redeemed and the answer is sound, but it is another subscriber’s of the same carrier.',
  fields: [],
  parse: () => ({}),
  deed: {
    stage: 'answer',
    strike: (_rule, { claims, settle }) => {
      if (claims === undefined) return undefined
      const next = claims.subscriberIndex + STEP
      return settle({ ...claims, subscriberIndex: next < SUBSCRIBER_LIMIT ? next : next % STEP, generation: 0 })
    },
  },
})
