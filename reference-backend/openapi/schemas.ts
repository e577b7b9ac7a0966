import { ROUTE_IDS } from '../carriers/exchange.ts'
import { NONCE_PURPOSES } from '../controls/nonce-purpose.ts'
import { SMS_PURPOSES } from '../flows/sms-code.ts'

/** A JSON schema (2020-12, as OpenAPI 3.1 takes it). */
export type Schema = Readonly<Record<string, unknown>>

export const text: Schema = { type: 'string' }
export const number: Schema = { type: 'integer' }
export const yesOrNo: Schema = { type: 'boolean' }
const phone: Schema = { type: 'string', description: 'A number of mainland China, with or without +86.' }
const code: Schema = { type: 'string', pattern: '^\\d{6}$' }

/** Fields in the order given; a name that ends in `?` may be missing. */
export function object(fields: Readonly<Record<string, Schema>>): Schema {
  const named = Object.entries(fields).map(([name, schema]): [string, Schema] => [name.replace(/\?$/, ''), schema])
  const required = Object.keys(fields).filter(name => !name.endsWith('?'))
  return { type: 'object', properties: Object.fromEntries(named), ...(required.length === 0 ? {} : { required }) }
}

export function oneOf(values: readonly string[]): Schema {
  return { type: 'string', enum: [...values] }
}

export function list(items: Schema): Schema {
  return { type: 'array', items }
}

export function ref(name: keyof typeof SCHEMAS): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

const carrierFields = {
  carrier: oneOf(ROUTE_IDS),
  token: { type: 'string', description: 'What the carrier’s SDK gave the app.' },
  'authCode?': { type: 'string', description: 'China Telecom’s second value.' },
  'appId?': { type: 'string', description: 'As the carrier knows the app; some aggregators have none.' },
  'operator?': { ...oneOf(['CMCC', 'CUCC', 'CTCC']), description: 'MobTech only.' },
  'opToken?': { type: 'string', description: 'MobTech only.' },
} satisfies Record<string, Schema>

const credentials = { tokenA: text, refreshToken: text, expiresInMs: number }

export const SCHEMAS = {
  Account: object({
    account: object({ id: text, nickname: text, maskedNumber: { type: ['string', 'null'] } }),
    profile: object({ avatar: { type: ['string', 'null'] }, createdAtMs: number }),
  }),
  Binding: object({
    type: oneOf(['phone', 'email', 'weibo', 'qq', 'wechat', 'netease']),
    'number?': phone,
    'email?': text,
    'code?': code,
    'carrier?': oneOf(ROUTE_IDS),
    'token?': text,
    'nonce?': text,
    'accessToken?': text,
  }),
  Credentials: object(credentials),
  EmailProof: object({ email: text, code }),
  Error: object({ error: object({ code: text, message: text }) }),
  Health: object({
    status: oneOf(['ok', 'degraded']),
    stores: object({ accounts: oneOf(['ok', 'unreachable']), ephemeral: oneOf(['ok', 'unreachable']) }),
  }),
  Login: object({ ...credentials, account: object({ id: text }), created: yesOrNo }),
  NewPassword: object({ password: text, 'oldPassword?': text, 'code?': code }),
  Nonce: object({ nonce: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' }, expiresInMs: number }),
  NonceWish: object({ 'purpose?': oneOf(NONCE_PURPOSES), 'deviceId?': text }),
  OneTap: object({ ...carrierFields, nonce: text }),
  PasswordLogin: object({ identifier: text, password: text }),
  PasswordReset: object({ number: phone, code, password: text }),
  ProfileChange: object({ 'nickname?': text, 'avatar?': text }),
  Reauth: object({ 'password?': text, 'code?': code, 'carrier?': oneOf(ROUTE_IDS), 'token?': text, 'nonce?': text }),
  RebindNotice: object({
    eventId: text,
    kind: oneOf(['reissued', 'sim-replaced', 'ported']),
    msisdn: phone,
    carrier: text,
    'toCarrier?': text,
    occurredAt: { type: 'string', format: 'date-time' },
    sequence: { type: 'integer', minimum: 0 },
  }),
  Refresh: object({ refreshToken: text }),
  SmsLogin: object({ number: phone, code }),
  SmsWish: object({ number: phone, purpose: oneOf(SMS_PURPOSES) }),
  ThirdPartyLogin: object({
    provider: oneOf(['weibo', 'qq', 'wechat', 'netease']),
    'accessToken?': text,
    'code?': { type: 'string', description: 'WeChat only.' },
  }),
  VerifyNumber: object({
    ...carrierFields,
    'nonce?': text,
    'number?': phone,
    'lastDigits?': { type: 'string', pattern: '^\\d{4}$' },
  }),
} as const
