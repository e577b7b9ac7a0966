import {
  defineTarget,
  type IdentityProof,
  jsonBody,
  type OneTapInput,
  type OperationContext,
  type Reading,
  type RebindInput,
  type Reply,
  type SmsPurpose,
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

/** For what only the account's own person may do: who is logged in, and the ticket of a fresh proof where there is one. */
function bearerAndTicket(input: { credential: string; ticket?: string }): Record<string, string> {
  return input.ticket === undefined ? bearer(input) : { ...bearer(input), 'x-reauth': input.ticket }
}

/** 204: done, and nothing to say. */
function readDone(reply: Reply): Reading {
  return reply.status === 204 ? { kind: 'granted' } : notGranted(reply)
}

/** 201 made, 202 on its way: all the same to who asked. */
function readTaken(reply: Reply): Reading {
  return reply.status >= 200 && reply.status < 300 ? { kind: 'granted' } : notGranted(reply)
}

/** Every way of logging in answers alike. */
function readLogin(reply: Reply): Reading {
  if (reply.status !== 200) return notGranted(reply)
  const body = jsonBody(reply)
  const credential = textField(body, 'tokenA')
  const account = textField(body.account, 'id')
  if (credential === undefined || account === undefined) return incomplete('tokenA and account.id')
  const refreshCredential = textField(body, 'refreshToken')
  return {
    kind: 'granted',
    credential,
    account,
    ...(refreshCredential === undefined ? {} : { refreshCredential }),
    ...(typeof body.created === 'boolean' ? { created: body.created } : {}),
  }
}

function readAccount(reply: Reply): Reading {
  if (reply.status !== 200) return notGranted(reply)
  const account = textField(jsonBody(reply).account, 'id')
  return account === undefined ? incomplete('account.id') : { kind: 'granted', account }
}

function tokenFields({ carrier, token, authCode, appId, nonce }: OneTapInput): Record<string, unknown> {
  return { carrier, token, authCode, appId, nonce }
}

const SMS_PURPOSES: Readonly<Record<SmsPurpose, string>> = { login: 'login', reset: 'reset', bind: 'bind', reauth: 'confirm' }

/** What proves an identity that is to be bound, and which kind it is. */
function identityFields(proof: IdentityProof): Record<string, unknown> {
  switch (proof.kind) {
    case 'one-tap':
      return { type: 'phone', ...tokenFields(proof) }
    case 'sms':
      return { type: 'phone', number: proof.number, code: proof.code }
    case 'third-party':
      return { type: proof.provider, accessToken: proof.accessToken, code: proof.code, openId: proof.openId }
    case 'claim':
      return proof.email === undefined ? { type: 'phone', number: proof.number } : { type: 'email', email: proof.email }
    case 'password':
      return { password: proof.password }
  }
}

/** What proves once more who is logged in. */
function reauthFields(proof: IdentityProof): Record<string, unknown> {
  if (proof.kind === 'one-tap') return tokenFields(proof)
  return proof.kind === 'sms' ? { code: proof.code } : identityFields(proof)
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
  traits: {
    nonceLifeMs: 120_000,
    asksSubscriber: 'alibaba-dytns',
    refusedLoginsPerMinute: 300,
    noncesPerMinute: 600_000,
    publicKeysPath: '/.well-known/jwks.json',
    carrierCallsPerSecond: 20_000,
    carrierFailuresUntilShed: 50,
    requestWithinMs: 10_000,
  },
  operations: {
    nonce: {
      method: 'POST',
      path: '/v1/nonce',
      headers: JSON_HEADERS,
      body: ({ deviceId, purpose }) =>
        deviceId === undefined && purpose === undefined ? EMPTY_JSON : JSON.stringify({ deviceId, purpose }),
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
      body: input => JSON.stringify(tokenFields(input)),
      read: readLogin,
    },
    me: {
      method: 'GET',
      path: '/v1/me',
      inputHeaders: bearer,
      read: readAccount,
    },
    logout: {
      method: 'POST',
      path: '/v1/logout',
      inputHeaders: bearer,
      read: readDone,
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
    verifyNumber: {
      method: 'POST',
      path: '/v1/verify-number',
      headers: JSON_HEADERS,
      inputHeaders: bearer,
      body: input => JSON.stringify({ ...tokenFields(input), number: input.number, lastDigits: input.lastDigits }),
      read(reply) {
        if (reply.status !== 200) return notGranted(reply)
        const { match } = jsonBody(reply)
        return typeof match === 'boolean' ? { kind: 'granted', match } : incomplete('match')
      },
    },
    smsSend: {
      method: 'POST',
      path: '/v1/sms/code',
      headers: JSON_HEADERS,
      body: ({ number, purpose }) => JSON.stringify({ number, purpose: SMS_PURPOSES[purpose] }),
      read: readTaken,
    },
    smsLogin: {
      method: 'POST',
      path: '/v1/login/sms',
      headers: JSON_HEADERS,
      body: ({ number, code }) => JSON.stringify({ number, code }),
      read: readLogin,
    },
    passwordLogin: {
      method: 'POST',
      path: '/v1/login/password',
      headers: JSON_HEADERS,
      body: ({ identifier, password }) => JSON.stringify({ identifier, password }),
      read: readLogin,
    },
    passwordChange: {
      method: 'PUT',
      path: '/v1/password',
      headers: JSON_HEADERS,
      inputHeaders: bearerAndTicket,
      body: ({ newPassword, oldPassword, code }) => JSON.stringify({ password: newPassword, oldPassword, code }),
      read: readDone,
    },
    passwordReset: {
      method: 'POST',
      path: '/v1/password/reset',
      headers: JSON_HEADERS,
      body: ({ number, code, newPassword }) => JSON.stringify({ number, code, password: newPassword }),
      read: readDone,
    },
    thirdPartyLogin: {
      method: 'POST',
      path: '/v1/login/third-party',
      headers: JSON_HEADERS,
      body: ({ provider, accessToken, code, openId }) => JSON.stringify({ provider, accessToken, code, openId }),
      read: readLogin,
    },
    reauth: {
      method: 'POST',
      path: '/v1/reauth',
      headers: JSON_HEADERS,
      inputHeaders: bearer,
      body: input => JSON.stringify(reauthFields(input.proof)),
      read(reply) {
        if (reply.status !== 200) return notGranted(reply)
        const ticket = textField(jsonBody(reply), 'ticket')
        return ticket === undefined ? incomplete('ticket') : { kind: 'granted', ticket }
      },
    },
    bind: {
      method: 'POST',
      path: '/v1/identities',
      headers: JSON_HEADERS,
      inputHeaders: bearerAndTicket,
      body: input => JSON.stringify(identityFields(input.identity)),
      // 202: noted, and nobody's until it is proved.
      read: readTaken,
    },
    unbind: {
      method: 'DELETE',
      path: '/v1/identities/:type',
      inputPath: ({ type }) => `/v1/identities/${encodeURIComponent(type)}`,
      inputHeaders: bearerAndTicket,
      read: readDone,
    },
    refresh: {
      method: 'POST',
      path: '/v1/refresh',
      headers: JSON_HEADERS,
      body: ({ refreshCredential }) => JSON.stringify({ refreshToken: refreshCredential }),
      read(reply) {
        if (reply.status !== 200) return notGranted(reply)
        const credential = textField(jsonBody(reply), 'tokenA')
        const refreshCredential = textField(jsonBody(reply), 'refreshToken')
        if (credential === undefined || refreshCredential === undefined) return incomplete('tokenA and refreshToken')
        return { kind: 'granted', credential, refreshCredential }
      },
    },
    logoutAll: {
      method: 'POST',
      path: '/v1/logout/all',
      inputHeaders: bearer,
      read: readDone,
    },
    profileChange: {
      method: 'PATCH',
      path: '/v1/me',
      headers: JSON_HEADERS,
      inputHeaders: bearer,
      body: ({ fields }) => JSON.stringify(fields),
      read: readAccount,
    },
    accountById: {
      method: 'GET',
      path: '/v1/accounts/:id',
      inputPath: ({ account }) => `/v1/accounts/${encodeURIComponent(account)}`,
      inputHeaders: bearer,
      read: readAccount,
    },
    identityList: {
      method: 'GET',
      path: '/v1/identities',
      inputHeaders: bearer,
      read(reply) {
        if (reply.status !== 200) return notGranted(reply)
        return Array.isArray(jsonBody(reply).identities) ? { kind: 'granted' } : incomplete('identities')
      },
    },
  },
})
