import { defineFault } from './fault-part.ts'
import { plainAnswer } from './plain-answer.ts'

export default defineFault({
  id: 'ip-refused',
  about:
    'The backend’s address is not on the vendor’s allow-list: its own code, or HTTP 403 where none is known. The token is not spent.',
  fields: [],
  parse: () => ({}),
  deed: { stage: 'answer', strike: (_rule, { reading }) => reading.ipRefused?.() ?? plainAnswer(403, 'Forbidden') },
})
