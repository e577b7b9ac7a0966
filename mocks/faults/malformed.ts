import { defineFault } from './fault-part.ts'

export default defineFault({
  id: 'malformed',
  about:
    'The body is broken off in its middle with the length to match: a whole HTTP answer that does not parse. The token is spent.',
  fields: [],
  parse: () => ({}),
  deed: {
    stage: 'content',
    // A body of two characters or less, such as {}, would stay what it is when cut.
    strike: (_rule, answer) => ({ ...answer, body: `${answer.body.slice(0, Math.ceil(answer.body.length / 2))}{` }),
  },
})
