import rest from '../../onetap.target.ts'
import { jsonBody, textField } from '../../src/contract/target.ts'
import { restReply, translated } from './translated.ts'

/** Forms with names of their own; replies nested under `result` or `fault`. The statuses are those of REST. */
export default translated(rest, {
  name: 'forms and other names',
  bodyHeaders: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: restBody => form(JSON.parse(restBody) as Record<string, unknown>),
  reply(reply) {
    const { result, fault } = jsonBody(reply)
    if (fault !== undefined) return restReply(reply, reply.status, { error: { code: textField(fault, 'why') } })
    if (typeof result !== 'object' || result === null) return reply
    const { challenge, session, user, user_is_new: created, same_phone: match, ...others } = result as Record<string, unknown>
    return restReply(reply, reply.status, {
      ...others,
      nonce: textField(challenge, 'value'),
      tokenA: textField(session, 'access'),
      refreshToken: textField(session, 'renewal'),
      ticket: textField(session, 'proof'),
      account: user,
      created,
      match,
    })
  },
})

const NAMES: Readonly<Record<string, string>> = {
  accessToken: 'auth[site_token]',
  appId: 'app[key]',
  authCode: 'auth[extra]',
  avatar: 'user[face]',
  carrier: 'auth[op]',
  code: 'auth[grant]',
  deviceId: 'device[id]',
  email: 'user[mail]',
  identifier: 'auth[account]',
  lastDigits: 'user[phone_tail]',
  nickname: 'user[nick]',
  nonce: 'challenge',
  number: 'user[phone]',
  oldPassword: 'auth[old_passwd]',
  openId: 'auth[site_open_id]',
  opToken: 'auth[op_code]',
  operator: 'auth[op_name]',
  password: 'auth[passwd]',
  provider: 'auth[site]',
  purpose: 'scene',
  refreshToken: 'session[renewal]',
  token: 'auth[access_code]',
  type: 'kind',
}

/** A form knows text only: what attacks send instead goes as JSON. k6 has no URLSearchParams. */
function form(fields: Readonly<Record<string, unknown>>): string {
  const pairs: string[] = []
  for (const name in fields) {
    const value = fields[name]
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    if (text !== undefined) pairs.push(`${encodeURIComponent(NAMES[name] ?? name)}=${encodeURIComponent(text)}`)
  }
  return pairs.join('&')
}
