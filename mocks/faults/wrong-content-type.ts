import { defineFault } from './fault-part.ts'

const TYPE = /^[a-z0-9.+-]+\/[a-z0-9.+-]+(; ?charset=[A-Za-z0-9-]+)?$/

export default defineFault({
  id: 'wrong-content-type',
  about: 'The right body under another content type.',
  fields: ['contentType'],
  parse: ({ contentType = 'text/html' }) =>
    typeof contentType === 'string' && TYPE.test(contentType) ? { contentType } : 'contentType must be a media type',
  deed: { stage: 'content', strike: ({ contentType }, answer) => ({ ...answer, contentType }) },
})
