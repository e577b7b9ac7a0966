import { defineFault } from './fault-part.ts'

export default defineFault({
  id: 'reset',
  about: 'The connection is reset (TCP RST) when the answer would be due. The token is not spent.',
  fields: [],
  parse: () => ({}),
  deed: { stage: 'delivery', strike: () => ({ kind: 'none', end: 'reset', holdMs: 0 }) },
})
