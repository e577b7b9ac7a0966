import { failed, parsedObject } from '../carriers/exchange.ts'
import type { Transport } from '../carriers/transport.ts'
import { type ProviderClient, person, refused } from './provider.ts'

/** Weibo `get_token_info`: who the token is and for which app key. Errors come with HTTP 400 and `error_code`. */
export function weiboClient(appId: string, transport: Transport): ProviderClient {
  return {
    appId,
    takes: 'access-token',
    close: () => transport.close(),
    identify: async token => {
      const form = new URLSearchParams({ access_token: token }).toString()
      const reply = await transport.post('/oauth2/get_token_info', 'application/x-www-form-urlencoded', form)
      if (reply.kind === 'failed') return reply
      const fields = parsedObject(reply.text)
      if (fields === undefined) return failed('not a JSON object')
      if (fields.error_code !== undefined) return reply.status < 500 ? refused(fields.error_code) : failed(`HTTP ${reply.status}`)
      if (reply.status !== 200) return failed(`HTTP ${reply.status}`)
      if (typeof fields.expire_in !== 'number' || fields.expire_in <= 0) return refused('expired')
      return person(fields.uid, fields.appkey, token)
    },
  }
}
