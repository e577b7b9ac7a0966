/** Fields of requests: as a form of the dialect names them, and as the routes do. */
export const REQUEST_NAMES: Readonly<Record<string, string>> = {
  'app[key]': 'appId',
  'auth[access_code]': 'token',
  'auth[account]': 'identifier',
  'auth[extra]': 'authCode',
  'auth[grant]': 'code',
  'auth[op]': 'carrier',
  'auth[op_code]': 'opToken',
  'auth[op_name]': 'operator',
  'auth[passwd]': 'password',
  'auth[old_passwd]': 'oldPassword',
  'auth[site]': 'provider',
  'auth[site_open_id]': 'openId',
  'auth[site_token]': 'accessToken',
  'device[id]': 'deviceId',
  'session[renewal]': 'refreshToken',
  'user[face]': 'avatar',
  'user[mail]': 'email',
  'user[nick]': 'nickname',
  'user[phone]': 'number',
  'user[phone_tail]': 'lastDigits',
  challenge: 'nonce',
  kind: 'type',
  scene: 'purpose',
}

/** Fields of replies: as the routes name them, and where they lie below `result`. What is not listed keeps its name. */
export const REPLY_PLACES: Readonly<Record<string, readonly string[]>> = {
  nonce: ['challenge', 'value'],
  tokenA: ['session', 'access'],
  refreshToken: ['session', 'renewal'],
  expiresInMs: ['ttl_ms'],
  account: ['user'],
  created: ['user_is_new'],
  match: ['same_phone'],
  ticket: ['session', 'proof'],
}
