import {
  defineTarget,
  jsonBody,
  type OperationContext,
  type Reading,
  type RebindInput,
  type Reply,
  textField,
} from './src/contract/target.ts'

/**
 * The reference backend, as any target is described: how each request is built and what each reply means. REST dialect: the
 * status decides, errors carry `error.code`, the credential is `tokenA` and travels as a bearer token.
 */

// Shared, never copied: k6 hands the same object to every request.
const JSON_HEADERS = { 'Content-Type': 'application/json' } as const
const EMPTY_JSON = '{}'

/** Every status but the operation's own success: 4xx is the backend's no, the rest is no usable answer. */
function notGranted(reply: Reply): Reading {
  const code = textField(jsonBody(reply).error, 'code')
  if (reply.status >= 400 && reply.status < 500) return code === undefined ? { kind: 'refused' } : { kind: 'refused', code }
  if (reply.status === 0) return { kind: 'failed', reason: 'no reply' }
  return { kind: 'failed', reason: code === undefined ? `HTTP ${reply.status}` : `HTTP ${reply.status} ${code}` }
}

function incomplete(what: string): Reading {
  return { kind: 'failed', reason: `HTTP 200 without ${what}` }
}

function bearer(input: { credential: string }): Record<string, string> {
  return { Authorization: `Bearer ${input.credential}` }
}

/** The webhook signs the bytes it receives, so body and signature come from this one function. */
function noticeBody(input: RebindInput): string {
  return JSON.stringify(input.notice)
}

function noticeHeaders(input: RebindInput, context: OperationContext): Record<string, string> {
  const secret = context.vars.rebindSecret
  if (secret === undefined) throw new Error('target.vars.rebindSecret is not set: rebind notices cannot be signed')
  const timestamp = String(Math.floor(context.nowMs / 1000))
  return {
    'x-rebind-timestamp': timestamp,
    'x-rebind-signature': context.crypto.hmacSha256(secret, `${timestamp}.${noticeBody(input)}`),
  }
}

export default defineTarget({
  name: 'reference-backend',
  operations: {
    nonce: {
      method: 'POST',
      path: '/v1/nonce',
      headers: JSON_HEADERS,
      body: input => (input.deviceId === undefined ? EMPTY_JSON : JSON.stringify({ deviceId: input.deviceId })),
      read(reply) {
        if (reply.status !== 200) return notGranted(reply)
        const nonce = textField(jsonBody(reply), 'nonce')
        return nonce === undefined ? incomplete('nonce') : { kind: 'granted', nonce }
      },
    },
    oneTap: {
      method: 'POST',
      path: '/v1/login/one-tap',
      headers: JSON_HEADERS,
      body: input =>
        JSON.stringify({
          carrier: input.carrier,
          token: input.token,
          authCode: input.authCode,
          appId: input.appId,
          nonce: input.nonce,
        }),
      read(reply) {
        if (reply.status !== 200) return notGranted(reply)
        const body = jsonBody(reply)
        const credential = textField(body, 'tokenA')
        const account = textField(body.account, 'id')
        if (credential === undefined || account === undefined) return incomplete('tokenA and account.id')
        return { kind: 'granted', credential, account }
      },
    },
    me: {
      method: 'GET',
      path: '/v1/me',
      inputHeaders: bearer,
      read(reply) {
        if (reply.status !== 200) return notGranted(reply)
        const account = textField(jsonBody(reply).account, 'id')
        return account === undefined ? incomplete('account.id') : { kind: 'granted', account }
      },
    },
    logout: {
      method: 'POST',
      path: '/v1/logout',
      inputHeaders: bearer,
      read: reply => (reply.status === 204 ? { kind: 'granted' } : notGranted(reply)),
    },
    rebind: {
      method: 'POST',
      path: '/v1/carrier/rebind',
      headers: JSON_HEADERS,
      inputHeaders: noticeHeaders,
      body: noticeBody,
      // `applied` is false for a notice already known or with nothing to cut: taken all the same.
      read(reply) {
        if (reply.status !== 200) return notGranted(reply)
        return typeof jsonBody(reply).applied === 'boolean' ? { kind: 'granted' } : incomplete('applied')
      },
    },
  },
})
