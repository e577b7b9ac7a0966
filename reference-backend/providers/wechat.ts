import { failed, parsedObject } from '../carriers/exchange.ts'
import type { Transport } from '../carriers/transport.ts'
import { get, type ProviderClient, person, refused } from './provider.ts'

/**
 * WeChat: the code is exchanged with our app id and secret, which binds it to our app. An access token says of no app that it is
 * for it, so a client's own access token is never taken. Errors come with HTTP 200 and `errcode`.
 */
export function wechatClient(appId: string, secret: string, transport: Transport): ProviderClient {
  return {
    appId,
    takes: 'code',
    close: () => transport.close(),
    identify: async code => {
      const query = { appid: appId, secret, code, grant_type: 'authorization_code' }
      const reply = await get(transport, '/sns/oauth2/access_token', query)
      if (reply.kind === 'failed') return reply
      if (reply.status !== 200) return failed(`HTTP ${reply.status}`)
      const fields = parsedObject(reply.text)
      if (fields === undefined) return failed('not a JSON object')
      const { errcode, openid, access_token: token } = fields
      // -1 is "system busy", not a word about the code.
      if (errcode === -1) return failed('system busy')
      if (errcode !== undefined && errcode !== 0) return refused(errcode)
      return typeof token === 'string' ? person(openid, appId, token) : failed('no access token in the answer')
    },
  }
}
