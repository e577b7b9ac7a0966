import rest from '../../onetap.target.ts'
import { jsonBody, textField } from '../../src/contract/target.ts'
import { restReply, translated } from './translated.ts'

/** HTTP 200 for everything; `code` in the body is the status it would have been, `reason` the error code. */
export default translated(rest, {
  name: 'status in the body',
  reply(reply) {
    const { code, reason, data } = jsonBody(reply)
    // A status of its own comes from somebody in front of the backend.
    if (reply.status !== 200 || typeof code !== 'number') return reply
    if (code >= 400) return restReply(reply, code, { error: { code: textField({ reason }, 'reason') } })
    return restReply(reply, code, data ?? undefined)
  },
})
