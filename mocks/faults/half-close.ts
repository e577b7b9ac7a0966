import { defineFault } from './fault-part.ts'

export default defineFault({
  id: 'half-close',
  about:
    'The provider ends its side of the connection (TCP FIN) when the answer would be due, and keeps reading. The token is not spent.',
  fields: [],
  parse: () => ({}),
  deed: { stage: 'delivery', strike: () => ({ kind: 'none', end: 'half-close', holdMs: 0 }) },
})
