/**
 * The shapes of what clients send, in one place: flows check by them and the OpenAPI document states them. Digits are written
 * `[0-9]`, since `\d` means more than ten signs to some readers of the document.
 */
export const CODE_SHAPE = /^[0-9]{6}$/
export const LAST_DIGITS_SHAPE = /^[0-9]{4}$/
/** As the carriers' SDKs and consoles show them; the number in `STsid…` is when the token was made, epoch milliseconds. */
export const APP_ID_SHAPE = /^[\x21-\x7e]{1,64}$/
export const AUTH_CODE_SHAPE = /^[0-9A-Za-z]{32}$/
export const OPERATOR_SHAPE = /^(?:CMCC|CUCC|CTCC)$/
/** Aggregators document none: any length a token can have, in the letters of base64, URL and percent-free text. */
export const AGGREGATED_TOKEN_SHAPE = /^[0-9A-Za-z+/=_.~*-]{16,1024}$/
/**
 * China Mobile's shape is seen in its samples, China Telecom's in a public test, China Unicom's is assumed.
 */
export const CHINA_MOBILE_TOKEN_SHAPE = /^STsid000000[0-9]{13}[0-9A-Za-z]{32}$/
export const CHINA_TELECOM_TOKEN_SHAPE = /^nm[0-9A-Za-z]{32}$/
export const CHINA_UNICOM_TOKEN_SHAPE = /^[0-9A-Za-z]{32,64}$/
/** 128 bits in base64url, as nonces are issued. */
export const NONCE_SHAPE = /^[A-Za-z0-9_-]{22}$/
export const DEVICE_ID_SHAPE = /^[\x21-\x7e]{1,128}$/
export const REFRESH_SHAPE = /^[\x21-\x7e]{1,4096}$/
/** Providers document no alphabet; what goes into their addresses must be printable and no longer than an address may be. */
export const PROVIDER_CREDENTIAL_SHAPE = /^[\x21-\x7e]{1,1024}$/
/** Controls, what cannot be seen, what turns the text around it, half signs, private signs, no signs at all. */
const UNSEEN = [
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f',
  '\\ue000-\\uf8ff\\ufe00-\\ufe0f\\ufeff\\ufff0-\\uffff',
  // Above the first plane there is no way to write a sign that every reader of patterns knows, so these stand for themselves.
  '\u{e0000}-\u{10ffff}',
].join('')
/** Letters of any script. Ranges in place of `\p{C}`, which readers of JSON schemas do not all know. */
export const NICKNAME_SHAPE = new RegExp(`^[^${UNSEEN}]{1,40}$`, 'u')
/** A picture on the web: a host by name, no user, no port. */
export const AVATAR_SHAPE = /^https:\/\/[0-9A-Za-z.-]{1,190}(?:\/[\x21-\x7e]{0,300})?$/
/**
 * What is printable in ASCII, once around an at sign: letters of other scripts have look-alikes, and some turn into ASCII by being
 * put in lower case. Linear: no part can match the same text in two ways. Delivery is what really proves an address.
 */
export const EMAIL_SHAPE = /^[!-?A-~]{1,64}@[!-?A-~]{1,190}$/
/** Mobile numbers of mainland China begin with 13 to 19: to others no message can be sent. */
export const PHONE_SHAPE = /^(?:\+86|0086|86)?(1[3-9][0-9]{9})$/
export const PASSWORD_LENGTH = { least: 8, most: 128 } as const
export const EVENT_ID_SHAPE = /^[\x21-\x7e]{1,128}$/
export const TIME_SHAPE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})$/
