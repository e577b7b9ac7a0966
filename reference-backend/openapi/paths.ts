import { operation } from './operation.ts'
import { list, number, object, type Schema, text, yesOrNo } from './schema.ts'
import { ref } from './schemas.ts'

const header = (name: string, description: string): Schema => ({ name, in: 'header', required: true, description, schema: text })
/** Of a request that needs no body: one that comes along all the same is read, and may be unreadable. */
const UNREADABLE = [400, 413, 415]
const inPath = (name: string): Schema => ({ name, in: 'path', required: true, schema: text })

const LOGIN_PATHS = {
  '/v1/nonce': {
    post: operation({
      summary: 'A nonce, good once',
      body: 'NonceWish',
      bodyOptional: true,
      answers: { 200: ref('Nonce') },
      refuses: [429],
    }),
  },
  '/v1/login/one-tap': {
    post: operation({
      summary: 'Log in or register by a carrier token',
      body: 'OneTap',
      answers: { 200: ref('Login') },
      refuses: [401, 403, 409, 422, 429, 502],
    }),
  },
  '/v1/sms/code': {
    post: operation({
      summary: 'Send a code',
      body: 'SmsWish',
      answers: { 202: object({ sent: yesOrNo, expiresInMs: number }) },
      refuses: [429, 501, 502],
    }),
  },
  '/v1/login/sms': {
    post: operation({
      summary: 'Log in or register by a code',
      body: 'SmsLogin',
      answers: { 200: ref('Login') },
      refuses: [401, 409, 429],
    }),
  },
  '/v1/login/password': {
    post: operation({
      summary: 'Log in by number or verified e-mail address and password',
      body: 'PasswordLogin',
      answers: { 200: ref('Login') },
      refuses: [401, 409, 429],
    }),
  },
  '/v1/login/third-party': {
    post: operation({
      summary: 'Log in or register by what a provider gave the app',
      body: 'ThirdPartyLogin',
      answers: { 200: ref('Login') },
      refuses: [401, 429, 501, 502],
    }),
  },
}

const SESSION_PATHS = {
  '/v1/refresh': {
    post: operation({
      summary: 'New credentials for a refresh token, which is good once',
      body: 'Refresh',
      answers: { 200: ref('Credentials') },
      refuses: [401],
    }),
  },
  '/v1/logout': {
    post: operation({ summary: 'End this session', session: true, answers: { 204: undefined }, refuses: UNREADABLE }),
  },
  '/v1/logout/all': {
    post: operation({
      summary: 'End all sessions of the account',
      session: true,
      answers: { 204: undefined },
      refuses: UNREADABLE,
    }),
  },
  '/v1/reauth': {
    post: operation({
      summary: 'Prove once more who is there',
      session: true,
      body: 'Reauth',
      answers: { 200: object({ ticket: text, expiresInMs: number }) },
      refuses: [403, 409, 422, 429, 502],
    }),
  },
  '/v1/password': {
    put: operation({
      summary: 'Set or change the password; other sessions end',
      session: true,
      ticket: true,
      body: 'NewPassword',
      answers: { 204: undefined },
      refuses: [403, 409, 429],
    }),
  },
  '/v1/password/reset': {
    post: operation({
      summary: 'Set a new password by a code; all sessions end',
      body: 'PasswordReset',
      answers: { 204: undefined },
      refuses: [401, 409, 429],
    }),
  },
}

const ACCOUNT_PATHS = {
  '/v1/me': {
    get: operation({ summary: 'The account of the session', session: true, answers: { 200: ref('Account') } }),
    patch: operation({ summary: 'Change the profile', session: true, body: 'ProfileChange', answers: { 200: ref('Account') } }),
  },
  '/v1/accounts/{id}': {
    get: operation({
      summary: 'An account: one’s own',
      session: true,
      parameters: [inPath('id')],
      answers: { 200: ref('Account') },
      refuses: [404],
    }),
  },
  '/v1/audit': {
    get: operation({
      summary: 'The account’s logins, newest first',
      session: true,
      answers: { 200: object({ logins: list(object({ method: text, outcome: text, atMs: number, ip: text })) }) },
    }),
  },
  '/v1/identities': {
    get: operation({
      summary: 'Ways into the account',
      session: true,
      answers: {
        200: object({ identities: list(object({ type: text, masked: text, verified: yesOrNo, lastUsedAtMs: number })) }),
      },
    }),
    post: operation({
      summary: 'Bind another identity; an e-mail address is first sent a code',
      session: true,
      ticket: true,
      body: 'Binding',
      answers: { 201: object({ bound: yesOrNo }), 202: object({ bound: yesOrNo, expiresInMs: number }) },
      refuses: [403, 409, 422, 429, 501, 502],
    }),
  },
  '/v1/identities/email/verify': {
    post: operation({
      summary: 'The second step for an e-mail address',
      session: true,
      body: 'EmailProof',
      answers: { 201: object({ bound: yesOrNo }) },
      refuses: [409, 429],
    }),
  },
  '/v1/identities/{type}': {
    delete: operation({
      summary: 'Remove the identities of a type; never the last way in',
      session: true,
      ticket: true,
      parameters: [inPath('type')],
      answers: { 204: undefined },
      refuses: [...UNREADABLE, 403, 404, 409],
    }),
  },
  '/v1/verify-number': {
    post: operation({
      summary: 'Is this the number of the device the carrier token comes from?',
      session: true,
      body: 'VerifyNumber',
      answers: { 200: object({ match: yesOrNo }) },
      refuses: [409, 422, 429, 502],
    }),
  },
}

const HOUSE_PATHS = {
  '/v1/carrier/rebind': {
    post: operation({
      summary: 'A carrier’s notice that a number changed hands, SIM card or carrier',
      parameters: [
        header('x-rebind-timestamp', 'Seconds since 1970; at most five minutes off.'),
        header('x-rebind-signature', 'Hex HMAC-SHA256 over `timestamp.body`.'),
      ],
      body: 'RebindNotice',
      answers: { 200: object({ applied: yesOrNo }) },
      refuses: [401, 403],
    }),
  },
  '/.well-known/jwks.json': {
    get: operation({
      summary: 'Public keys that session tokens can be checked by (RFC 7517)',
      answers: { 200: object({ keys: list({ type: 'object' }) }) },
    }),
  },
  '/__onetap/identity': { get: operation({ summary: 'Who answers', answers: { 200: { type: 'object' } } }) },
  '/healthz': {
    get: {
      summary: 'Whether the stores can be reached',
      responses: Object.fromEntries(
        ['200', '503'].map(status => [
          status,
          { description: 'State of each store.', content: { 'application/json': { schema: ref('Health') } } },
        ]),
      ),
    },
  },
  '/metrics': {
    get: {
      summary: 'What was answered since the start',
      responses: { 200: { description: 'OpenMetrics text.', content: { 'application/openmetrics-text': { schema: text } } } },
    },
  },
  '/openapi.json': { get: operation({ summary: 'This document', answers: { 200: { type: 'object' } } }) },
}

/** Every route of the app; test/unit/reference-backend/openapi.test.ts compares. */
export const PATHS: Readonly<Record<string, Schema>> = { ...LOGIN_PATHS, ...SESSION_PATHS, ...ACCOUNT_PATHS, ...HOUSE_PATHS }
