import {
  defineTarget,
  jsonBody,
  type OperationContext,
  type Reading,
  type RebindInput,
  type Reply,
  textField,
} from '../../src/contract/target.ts'

/**
 * The cookie shop: HTTP 200 for everything, so `errno` decides; the credential is the `sid` cookie; fields are nested.
 * In your own project the import reads `onetap/target`.
 */

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' } as const
const JSON_HEADERS = { 'Content-Type': 'application/json' } as const
const OPERATORS = { 'china-mobile': 'CM', 'china-unicom': 'CU', 'china-telecom': 'CT' } as const
const NOTICE_TYPES = { reissued: 'REISSUE', 'sim-replaced': 'SIM_CHANGE', ported: 'PORT' } as const

/** `data` of a success, or what the reply means instead. */
function open(reply: Reply): { data: unknown } | { not: Reading } {
  if (reply.status !== 200) return { not: failed(reply.status === 0 ? 'no reply' : `HTTP ${reply.status}`) }
  const body = jsonBody(reply)
  if (body.errno === 0) return { data: body.data }
  if (typeof body.errno !== 'number') return { not: failed('HTTP 200 without errno') }
  // 5xxxx is the shop's own trouble, the rest is its no.
  return { not: body.errno >= 50_000 ? failed(`errno ${body.errno}`) : { kind: 'refused', code: String(body.errno) } }
}

function failed(reason: string): Reading {
  return { kind: 'failed', reason }
}

function field(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[key] : undefined
}

/** Several Set-Cookie headers may arrive joined by commas. */
function sidOf(reply: Reply): string | undefined {
  const header: unknown = reply.headers['Set-Cookie']
  return typeof header === 'string' ? /(?:^|[,;]\s*)sid=([^;,\s]+)/.exec(header)?.[1] : undefined
}

function cookie(input: { credential: string }): Record<string, string> {
  return { Cookie: `sid=${input.credential}` }
}

/** k6 has no URLSearchParams. */
function form(fields: Readonly<Record<string, string | number | undefined>>): string {
  const pairs: string[] = []
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) pairs.push(`${name}=${encodeURIComponent(value)}`)
  }
  return pairs.join('&')
}

/** The signature covers these bytes. The same context gives the same `sent_at`, so both callers build the same text. */
function noticeBody({ notice }: RebindInput, context: OperationContext): string {
  return form({
    event_id: notice.eventId,
    type: NOTICE_TYPES[notice.kind],
    phone: notice.msisdn,
    op: OPERATORS[notice.carrier],
    to_op: notice.toCarrier === undefined ? undefined : OPERATORS[notice.toCarrier],
    happened_at: Date.parse(notice.occurredAt),
    seq: notice.sequence,
    sent_at: Math.floor(context.nowMs),
  })
}

export default defineTarget({
  name: 'cookie-shop',
  operations: {
    nonce: {
      method: 'POST',
      path: '/shop/challenge',
      headers: FORM,
      body: input => (input.deviceId === undefined ? 'purpose=login' : form({ purpose: 'login', device: input.deviceId })),
      read(reply) {
        const opened = open(reply)
        if ('not' in opened) return opened.not
        const nonce = textField(field(opened.data, 'challenge'), 'value')
        return nonce === undefined ? failed('errno 0 without data.challenge.value') : { kind: 'granted', nonce }
      },
    },
    oneTap: {
      method: 'POST',
      path: '/shop/login',
      headers: JSON_HEADERS,
      body: input =>
        JSON.stringify({
          auth: {
            op: OPERATORS[input.carrier],
            app: input.appId,
            access_code: input.token,
            extra: input.authCode === undefined ? undefined : { authCode: input.authCode },
          },
          challenge: { value: input.nonce },
        }),
      read(reply) {
        const opened = open(reply)
        if ('not' in opened) return opened.not
        const account = textField(field(opened.data, 'profile'), 'uid')
        const credential = sidOf(reply)
        if (account === undefined || credential === undefined) return failed('errno 0 without data.profile.uid and a sid cookie')
        return { kind: 'granted', credential, account }
      },
    },
    me: {
      method: 'GET',
      path: '/shop/profile',
      inputHeaders: cookie,
      read(reply) {
        const opened = open(reply)
        if ('not' in opened) return opened.not
        const account = textField(field(opened.data, 'profile'), 'uid')
        return account === undefined ? failed('errno 0 without data.profile.uid') : { kind: 'granted', account }
      },
    },
    logout: {
      method: 'POST',
      path: '/shop/logout',
      inputHeaders: cookie,
      read(reply) {
        const opened = open(reply)
        return 'not' in opened ? opened.not : { kind: 'granted' }
      },
    },
    rebind: {
      method: 'POST',
      path: '/shop/carrier-notice',
      headers: FORM,
      inputHeaders(input, context) {
        const key = context.vars.rebindKey
        if (key === undefined) throw new Error('target.vars.rebindKey is not set: notices cannot be signed')
        return { 'X-Shop-Sign': `sha256=${context.crypto.hmacSha256(key, noticeBody(input, context))}` }
      },
      body: noticeBody,
      read(reply) {
        const opened = open(reply)
        if ('not' in opened) return opened.not
        const applied = field(opened.data, 'applied')
        return typeof applied === 'boolean' ? { kind: 'granted' } : failed('errno 0 without data.applied')
      },
    },
  },
})
