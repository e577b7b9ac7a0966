import { failed, parsedObject } from '../carriers/exchange.ts'
import type { Transport } from '../carriers/transport.ts'
import { get, type ProviderClient, person, refused } from './provider.ts'

/** NetEase `getUserInfo.do`. That the answer names the app key is assumed. Errors come with HTTP 200 and `error`. */
export function neteaseClient(appId: string, transport: Transport): ProviderClient {
  return {
    appId,
    takes: 'access-token',
    close: () => transport.close(),
    identify: async token => {
      const reply = await get(transport, '/open/oauth2/getUserInfo.do', { access_token: token })
      if (reply.kind === 'failed') return reply
      if (reply.status !== 200) return failed(`HTTP ${reply.status}`)
      const fields = parsedObject(reply.text)
      if (fields === undefined) return failed('not a JSON object')
      return fields.error === undefined ? person(fields.userId, fields.appKey, token) : refused(fields.error)
    },
  }
}
