import { defineFault, within } from './fault-part.ts'

const MOST_MS = 366 * 86_400_000

export default defineFault({
  id: 'clock-skew',
  about: 'The provider’s clock is off: it checks time stamps by it, writes its times by it, and says so in its Date header.',
  fields: ['skewMs'],
  parse: ({ skewMs }) => (within(skewMs, -MOST_MS, MOST_MS) ? { skewMs } : 'skewMs must be at most a year either way'),
  deed: { stage: 'answer', strike: ({ skewMs }, { claims, settle }) => settle(claims, skewMs) },
})
