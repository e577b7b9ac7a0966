import { defineFault } from './fault-part.ts'

export default defineFault({
  id: 'duplicate-answer',
  about: 'The whole HTTP answer is sent twice: on a kept connection the second may be taken for the answer to the next call.',
  fields: [],
  parse: () => ({}),
  deed: { stage: 'delivery', strike: () => ({ kind: 'twice' }) },
})
