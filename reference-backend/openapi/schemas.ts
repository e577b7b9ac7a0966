import { CARRIER_IDS } from '../carriers/exchange.ts'
import { NONCE_PURPOSES } from '../controls/nonce-purpose.ts'
import { SMS_PURPOSES } from '../flows/sms-code.ts'
import {
  AVATAR_SHAPE,
  CODE_SHAPE,
  DEVICE_ID_SHAPE,
  EMAIL_SHAPE,
  EVENT_ID_SHAPE,
  NICKNAME_SHAPE,
  NONCE_SHAPE,
  PASSWORD_LENGTH,
  PHONE_SHAPE,
  REFRESH_SHAPE,
  TIME_SHAPE,
} from '../input-shapes.ts'
import { boundBy, byCarrier, byProvider, verifiedBy } from './credentials.ts'
import { anyOf, number, object, oneOf, type Schema, shaped, text, yesOrNo } from './schema.ts'

export function ref(name: keyof typeof SCHEMAS): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

const phone: Schema = { ...shaped(PHONE_SHAPE), description: 'A number of mainland China, with or without +86.' }
const code = shaped(CODE_SHAPE)
const email = shaped(EMAIL_SHAPE)
const nonce = shaped(NONCE_SHAPE)
const anyPassword: Schema = { type: 'string', minLength: 1, maxLength: PASSWORD_LENGTH.most }
const newPassword: Schema = { type: 'string', minLength: PASSWORD_LENGTH.least, maxLength: PASSWORD_LENGTH.most }
const credentials = { tokenA: text, refreshToken: text, expiresInMs: number }

export const SCHEMAS = {
  Account: object({
    account: object({ id: text, nickname: text, maskedNumber: { type: ['string', 'null'] } }),
    profile: object({ avatar: { type: ['string', 'null'] }, createdAtMs: number }),
  }),
  Binding: anyOf([
    ...boundBy,
    object({ type: oneOf(['phone']), number: phone, 'code?': code }),
    object({ type: oneOf(['email']), email }),
  ]),
  Credentials: object(credentials),
  EmailProof: object({ email, code }),
  Error: object({ error: object({ code: text, message: text }) }),
  Health: object({
    status: oneOf(['ok', 'degraded']),
    stores: object({ accounts: oneOf(['ok', 'unreachable']), ephemeral: oneOf(['ok', 'unreachable']) }),
  }),
  Login: object({ ...credentials, account: object({ id: text }), created: yesOrNo }),
  NewPassword: object({ password: newPassword, 'oldPassword?': anyPassword, 'code?': code }),
  Nonce: object({ nonce, expiresInMs: number }),
  NonceWish: object({ 'purpose?': oneOf(NONCE_PURPOSES), 'deviceId?': shaped(DEVICE_ID_SHAPE) }),
  OneTap: anyOf(byCarrier({ nonce })),
  PasswordLogin: object({ identifier: anyOf([phone, email]), password: anyPassword }),
  PasswordReset: object({ number: phone, code, password: newPassword }),
  ProfileChange: object({
    'nickname?': { ...shaped(NICKNAME_SHAPE), examples: ['小明', 'Mei'] },
    'avatar?': shaped(AVATAR_SHAPE),
  }),
  Reauth: anyOf([object({ password: anyPassword }), object({ code }), ...byCarrier({ nonce })]),
  RebindNotice: object({
    eventId: shaped(EVENT_ID_SHAPE),
    kind: oneOf(['reissued', 'sim-replaced', 'ported']),
    msisdn: phone,
    carrier: oneOf(CARRIER_IDS),
    'toCarrier?': oneOf(CARRIER_IDS),
    occurredAt: { ...shaped(TIME_SHAPE), format: 'date-time' },
    sequence: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  }),
  Refresh: object({ refreshToken: shaped(REFRESH_SHAPE) }),
  SmsLogin: object({ number: phone, code }),
  SmsWish: object({ number: phone, purpose: oneOf(SMS_PURPOSES) }),
  ThirdPartyLogin: anyOf(byProvider('provider')),
  VerifyNumber: anyOf(verifiedBy({ 'nonce?': nonce })),
} as const
