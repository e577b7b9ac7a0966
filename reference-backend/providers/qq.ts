import { failed, parsedObject } from '../carriers/exchange.ts'
import type { Transport } from '../carriers/transport.ts'
import { get, type ProviderClient, person, refused } from './provider.ts'

/** QQ `/oauth2.0/me`: openid and client_id of the token. Errors come with HTTP 200 and `error`. */
export function qqClient(appId: string, transport: Transport): ProviderClient {
  return {
    appId,
    takes: 'access-token',
    close: () => transport.close(),
    identify: async token => {
      const reply = await get(transport, '/oauth2.0/me', { access_token: token, unionid: '1', fmt: 'json' })
      if (reply.kind === 'failed') return reply
      if (reply.status !== 200) return failed(`HTTP ${reply.status}`)
      const fields = parsedObject(reply.text)
      if (fields === undefined) return failed('not a JSON object')
      return fields.error === undefined ? person(fields.openid, fields.client_id, token) : refused(fields.error)
    },
  }
}
