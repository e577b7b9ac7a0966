/** Which names mean a secret, and where such names stand in text: JSON, JSON within JSON, forms, queries, credential headers. */

/** Ends of names, without case and separators: `token_a`, `X-Auth-Token` and `carrierToken` all mean it; `tokenKind` does not. */
const SECRET_NAME =
  /(?:tokena?|credential|authcode|accesscode|nonce|password|passwd|pwd|passphrase|secret|apikey|accesskey|privatekey|sessionid|sessid|sid|jwt|otp|smscode|verifycode|captcha)s?$/
const NUMBER_NAME = /(?:phone|phoneno|mobile|msisdn|telephone|tel|number)s?$/
const CREDENTIAL_HEADERS = new Set(['authorization', 'proxy-authorization'])
const COOKIE_HEADERS = new Set(['cookie', 'set-cookie'])
const COOKIE_ATTRIBUTES = new Set(['path', 'domain', 'expires', 'max-age', 'samesite', 'version', 'priority'])

/** What attacks send in a secret's place and readers of the evidence should see. */
const NO_SECRET = /^(?:|null|undefined|nan|none|true|false|\[object Object\])$/i

/** A value's replacement; called with the value as it stands in the text. */
export type Replace = (value: string) => string

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(bare(name))
}

export function isNumberName(name: string): boolean {
  return NUMBER_NAME.test(bare(name))
}

export function isSecretHeader(name: string): boolean {
  const lower = name.toLowerCase()
  return CREDENTIAL_HEADERS.has(lower) || COOKIE_HEADERS.has(lower)
}

/** False for the empty text, `null` and their like. */
export function holdsSecret(value: string): boolean {
  return !NO_SECRET.test(value)
}

/** Replaces the secret part of a credential header: what follows the scheme, or each cookie's value. Names and attributes stay. */
export function replaceInHeader(name: string, value: string, replace: Replace): string {
  if (CREDENTIAL_HEADERS.has(name.toLowerCase()) || !value.includes('=')) {
    return value.replace(
      /^(\s*[A-Za-z][\w-]*\s+)?(.+)$/s,
      (_, scheme: string | undefined, rest: string) => (scheme ?? '') + replace(rest),
    )
  }
  return value.replace(
    /(^|[;,]\s*)([^=;,\s]+)=("?)([^;,"]*)/g,
    (whole, lead: string, cookie: string, quote: string, secret: string) =>
      COOKIE_ATTRIBUTES.has(cookie.toLowerCase()) ? whole : `${lead}${cookie}=${quote}${replace(secret)}`,
  )
}

const JSON_TEXT_FIELD = /"([\w.$-]{2,64})"(\s*:\s*)"([^"\\]*(?:\\.[^"\\]*)*)"/gs
const JSON_NUMBER_FIELD = /"([\w.$-]{2,64})"(\s*:\s*)(\d{4,})/g
/** JSON inside a JSON string, at any depth: the quotes carry the same backslashes. */
const NESTED_JSON_FIELD = /(\\+")([\w.$-]{2,64})\1(\s*:\s*)\1([^"\\]*)\1/g
const FORM_FIELD = /(^|[?&;,\s])([\w.%$-]{2,64})=([^&\s;,"'<>]+)/g
const SCHEME_AND_CREDENTIAL = /\b(Bearer|Basic)(\s+|%20)([\w.~+/=-]{8,})/gi

/** Replaces the values of secret names wherever a text holds name and value together. */
export function replaceInText(text: string, replace: Replace): string {
  let out = text
  if (out.includes('"')) {
    out = out
      .replace(JSON_TEXT_FIELD, (whole, name: string, colon: string, value: string) =>
        isSecretName(name) ? `"${name}"${colon}"${replace(value)}"` : whole,
      )
      .replace(JSON_NUMBER_FIELD, (whole, name: string, colon: string, value: string) =>
        isSecretName(name) ? `"${name}"${colon}"${replace(value)}"` : whole,
      )
    if (out.includes('\\"')) {
      out = out.replace(NESTED_JSON_FIELD, (whole, quote: string, name: string, colon: string, value: string) =>
        isSecretName(name) ? `${quote}${name}${quote}${colon}${quote}${replace(value)}${quote}` : whole,
      )
    }
  }
  if (out.includes('=')) {
    out = out.replace(FORM_FIELD, (whole, lead: string, name: string, value: string) =>
      isSecretName(name) ? `${lead}${name}=${replace(value)}` : whole,
    )
  }
  return out.replace(SCHEME_AND_CREDENTIAL, (_, scheme: string, space: string, value: string) => scheme + space + replace(value))
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
