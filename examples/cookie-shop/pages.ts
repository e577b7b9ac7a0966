import type { IncomingMessage } from 'node:http'
import { takeCarrierNotice } from './carrier-notice.ts'
import type { Environment } from './environment.ts'
import { logIn } from './login.ts'
import { Refusal } from './refusal.ts'
import { type Binding, CHALLENGE_LIFETIME_MS, SESSION_LIFETIME_MS, type ShopStore } from './shop-store.ts'
import { type Answer, cookieOf, parseForm, parseJson, readText } from './wire.ts'

const FORM = 'application/x-www-form-urlencoded'
// On the public internet `Secure` belongs here too; this example speaks plain HTTP on loopback.
const COOKIE_RULES = 'Path=/; HttpOnly; SameSite=Lax'

export type Page = (request: IncomingMessage) => Promise<Answer>

/** The shop's pages by method and path. */
export function shopPages(env: Environment, store: ShopStore): Map<string, Page> {
  const visitor = (request: IncomingMessage): { sid: string; binding: Binding } => {
    const sid = cookieOf(request, 'sid')
    const binding = sid === undefined ? undefined : store.session(sid)
    if (sid === undefined || binding === undefined) throw new Refusal('notLoggedIn', 'please log in')
    return { sid, binding }
  }
  return new Map<string, Page>([
    [
      'POST /shop/challenge',
      async request => {
        const fields = parseForm(await readText(request, FORM), ['purpose', 'device'])
        if (fields.get('purpose') !== 'login' || !/^[\w.:-]{0,64}$/.test(fields.get('device') ?? '')) {
          throw new Refusal('bodyMalformed', 'purpose or device is not valid')
        }
        return { data: { challenge: { value: store.newChallenge(), ttl: CHALLENGE_LIFETIME_MS / 1000 } } }
      },
    ],
    [
      'POST /shop/login',
      async request => {
        const { sid, binding, isNew } = await logIn(env, store, parseJson(await readText(request, 'application/json')))
        const cookie = `sid=${sid}; Max-Age=${SESSION_LIFETIME_MS / 1000}; ${COOKIE_RULES}`
        return { data: { profile: { uid: binding.account.uid }, first_time: isNew }, cookie }
      },
    ],
    [
      'GET /shop/profile',
      async request => {
        const { account, phone } = visitor(request).binding
        const masked = `${phone.slice(0, 3)}****${phone.slice(7)}`
        return { data: { profile: { uid: account.uid, nick: account.nick, phone: masked } } }
      },
    ],
    [
      'POST /shop/logout',
      async request => {
        store.closeSession(visitor(request).sid)
        return { data: {}, cookie: `sid=; Max-Age=0; ${COOKIE_RULES}` }
      },
    ],
    [
      'POST /shop/carrier-notice',
      async request => {
        const text = await readText(request, FORM)
        return { data: { applied: takeCarrierNotice(store, env.rebindKey, request.headers['x-shop-sign'], text) } }
      },
    ],
  ])
}
