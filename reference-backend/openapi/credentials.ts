import {
  AGGREGATED_TOKEN_SHAPE,
  APP_ID_SHAPE,
  AUTH_CODE_SHAPE,
  CHINA_MOBILE_TOKEN_SHAPE,
  CHINA_TELECOM_TOKEN_SHAPE,
  CHINA_UNICOM_TOKEN_SHAPE,
  LAST_DIGITS_SHAPE,
  NONCE_SHAPE,
  PHONE_SHAPE,
  PROVIDER_CREDENTIAL_SHAPE,
} from '../input-shapes.ts'
import { object, oneOf, type Schema, shaped } from './schema.ts'

type Fields = Readonly<Record<string, Schema>>

const aggregated = shaped(AGGREGATED_TOKEN_SHAPE)
const appId: Schema = { ...shaped(APP_ID_SHAPE), description: 'As the carrier knows the app.' }

/** What an app has from the SDK, by the way the token is exchanged. Alibaba's knows no app ids. */
const CARRIER_FIELDS: readonly Fields[] = [
  { carrier: oneOf(['china-mobile']), token: shaped(CHINA_MOBILE_TOKEN_SHAPE), appId },
  { carrier: oneOf(['china-telecom']), token: shaped(CHINA_TELECOM_TOKEN_SHAPE), authCode: shaped(AUTH_CODE_SHAPE), appId },
  { carrier: oneOf(['china-unicom']), token: shaped(CHINA_UNICOM_TOKEN_SHAPE), appId },
  { carrier: oneOf(['alibaba']), token: aggregated },
  { carrier: oneOf(['chuanglan', 'jiguang']), token: aggregated, appId },
  { carrier: oneOf(['mobtech']), token: aggregated, operator: oneOf(['CMCC', 'CUCC', 'CTCC']), opToken: aggregated, appId },
]

export function byCarrier(others: Fields): Schema[] {
  return CARRIER_FIELDS.map(fields => object({ ...fields, ...others }))
}

/** `name`: what the field is called that names the provider. WeChat gives codes, the others access tokens. */
export function byProvider(name: 'provider' | 'type'): Schema[] {
  const credential = shaped(PROVIDER_CREDENTIAL_SHAPE)
  return [
    object({ [name]: oneOf(['weibo', 'qq', 'netease']), accessToken: credential }),
    object({ [name]: oneOf(['wechat']), code: credential }),
  ]
}

/** Identities proved by what somebody else gave the app. */
export const boundBy: readonly Schema[] = [
  ...byProvider('type'),
  ...byCarrier({ type: oneOf(['phone']), nonce: shaped(NONCE_SHAPE) }),
]

/** Two carriers answer whether a number is the device's: the whole number or the last four digits of the account's own. */
export function verifiedBy(others: Fields): Schema[] {
  const tokens = [
    { carrier: oneOf(['china-mobile']), token: shaped(CHINA_MOBILE_TOKEN_SHAPE) },
    { carrier: oneOf(['alibaba']), token: aggregated },
  ]
  const asked = [{ number: shaped(PHONE_SHAPE) }, { lastDigits: shaped(LAST_DIGITS_SHAPE) }]
  return tokens.flatMap(token => asked.map(question => object({ ...token, ...question, ...others })))
}
