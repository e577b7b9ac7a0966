import rest from '../../onetap.target.ts'
import { type Reply, textField } from '../../src/contract/target.ts'
import { restReply, translated } from './translated.ts'

/** Sessions are cookies, and outcomes are places: 302 to the account, home, or to the sign-in page with the error's code. */
export default translated(rest, {
  name: 'cookies and redirects',
  headers(restHeaders, id, input) {
    const { Authorization: bearer, ...others } = restHeaders
    if (id === 'refresh') return { ...others, Cookie: `rid=${textField(input, 'refreshCredential') ?? ''}` }
    return bearer === undefined ? others : { ...others, Cookie: `sid=${bearer.slice('Bearer '.length)}` }
  },
  body: (restBody, id) => (id === 'refresh' ? '{}' : restBody),
  reply(reply) {
    if (reply.status !== 302) return reply
    const place = reply.headers.Location ?? ''
    const refusal = /^\/sign-in\?error=([A-Z_]+)$/.exec(place)?.[1]
    if (refusal !== undefined) return restReply(reply, 401, { error: { code: refusal } })
    if (place === '/') return restReply(reply, 204, undefined)
    const [, account, created] = /^\/v1\/accounts\/([^/?]+)\?created=(true|false)$/.exec(place) ?? []
    return restReply(reply, 200, {
      tokenA: cookieIn(reply, 'sid'),
      refreshToken: cookieIn(reply, 'rid'),
      ...(account === undefined ? {} : { account: { id: account }, created: created === 'true' }),
    })
  },
})

/** Several Set-Cookie headers arrive joined by commas. */
function cookieIn(reply: Reply, name: string): string | undefined {
  return new RegExp(`(?:^|[,;]\\s*)${name}=([^;,\\s]+)`).exec(reply.headers['Set-Cookie'] ?? '')?.[1]
}
