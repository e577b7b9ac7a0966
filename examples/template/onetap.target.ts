import type { Reading, Reply, TargetProfile } from 'onetap/target'

/**
 * Your backend, as onetap sees it: for each operation how to build the request (`body`, `inputHeaders`) and what the reply means
 * (`read`). Change paths, fields and readers to yours. Delete the operations your backend lacks: what
 * needs them is then reported as not applicable, never as passed.
 *
 * This file also runs inside k6. So: no Node built-ins, no packages that use them, no URL or URLSearchParams (use
 * encodeURIComponent), no hashing written in JavaScript (use context.crypto). Keep what runs per request short.
 */

const JSON_HEADERS = { 'Content-Type': 'application/json' }

export default {
  name: 'my-backend',

  // How long after a "this number was reissued" notice the former owner's sessions may still work, in milliseconds.
  traits: { revocationWithinMs: 2000 },

  operations: {
    // The server-made random value a login must carry. Delete it if your backend has none.
    nonce: {
      method: 'POST',
      path: '/auth/nonce',
      headers: JSON_HEADERS,
      body: () => '{}',
      read(reply) {
        const answer = open(reply)
        if ('reading' in answer) return answer.reading
        const nonce = text(answer.data, 'nonce')
        return nonce === undefined ? failed('no nonce in a success') : { kind: 'granted', nonce }
      },
    },

    // Carrier token in, your own credential out.
    oneTap: {
      method: 'POST',
      path: '/auth/one-tap',
      headers: JSON_HEADERS,
      // Build it with JSON.stringify, never by joining strings: attacks pass numbers, lists and null where text belongs, and
      // `undefined` must leave the field out. `authCode` exists for China Telecom only.
      body: input =>
        JSON.stringify({
          carrier: input.carrier, // 'china-mobile' | 'china-unicom' | 'china-telecom'; translate if yours are named otherwise
          token: input.token,
          authCode: input.authCode,
          appId: input.appId,
          nonce: input.nonce,
        }),
      read(reply) {
        const answer = open(reply)
        if ('reading' in answer) return answer.reading
        const credential = text(answer.data, 'accessToken')
        // A session cookie instead:   const credential = cookie(reply, 'sid')
        const account = text(field(answer.data, 'user'), 'id') // nested: {"user":{"id":…}}
        // Grant only what carries all it should: an "ok" without a credential is not a login.
        if (credential === undefined || account === undefined) return failed('no credential or account in a success')
        return { kind: 'granted', credential, account }
      },
    },

    // Whose credential is this? Attacks prove with it that a credential they got really works: without it most of them cannot reach a verdict.
    me: {
      method: 'GET',
      path: '/me',
      inputHeaders: input => ({ Authorization: `Bearer ${input.credential}` }),
      // A session cookie instead:   inputHeaders: input => ({ Cookie: `sid=${input.credential}` }),
      read(reply) {
        const answer = open(reply)
        if ('reading' in answer) return answer.reading
        const account = text(field(answer.data, 'user'), 'id') // the same id as oneTap's, stable over logins
        return account === undefined ? failed('no account in a success') : { kind: 'granted', account }
      },
    },

    logout: {
      method: 'POST',
      path: '/auth/logout',
      inputHeaders: input => ({ Authorization: `Bearer ${input.credential}` }),
      read(reply) {
        const answer = open(reply)
        return 'reading' in answer ? answer.reading : { kind: 'granted' }
      },
    },

    // The carrier's notice that a number was reissued, got a new SIM card or was ported. Signed with a secret that onetap and your
    // backend share: `target.vars` in onetap.config.ts. `body` and `inputHeaders` are called with the same input and the same
    // `context.nowMs`, so both can build the same bytes and sign what is really sent.
    rebind: {
      method: 'POST',
      path: '/hooks/carrier-rebind',
      headers: JSON_HEADERS,
      body: input => JSON.stringify(input.notice),
      inputHeaders(input, context) {
        const secret = context.vars.rebindSecret
        if (secret === undefined) throw new Error('target.vars.rebindSecret is not set in onetap.config.ts')
        const timestamp = String(Math.floor(context.nowMs / 1000))
        const signature = context.crypto.hmacSha256(secret, `${timestamp}.${JSON.stringify(input.notice)}`) // lower-case hex
        return { 'X-Timestamp': timestamp, 'X-Signature': signature }
      },
      read(reply) {
        const answer = open(reply)
        return 'reading' in answer ? answer.reading : { kind: 'granted' }
      },
    },
  },
} satisfies TargetProfile

/**
 * Sorts a reply into three: a success whose data may be read, a clear no (`refused`), no usable answer (`failed`: 5xx, timeout,
 * not understood). The difference matters: a refusal is what a sound backend answers to an attack, a failure proves nothing.
 */
function open(reply: Reply): { data: unknown } | { reading: Reading } {
  if (reply.status === 0) return { reading: failed('no reply') }
  if (reply.status === 204) return { data: {} }
  const data = json(reply.body)
  const code = text(field(data, 'error'), 'code')
  if (reply.status >= 400 && reply.status < 500)
    return { reading: code === undefined ? { kind: 'refused' } : { kind: 'refused', code } }
  if (reply.status !== 200 && reply.status !== 201) return { reading: failed(`HTTP ${reply.status}`) }
  if (data === undefined) return { reading: failed('not JSON') }

  // If yours answers HTTP 200 to everything and says how it went in the body, the code decides, not the status:
  //
  //   const errno = field(data, 'code')
  //   if (typeof errno !== 'number') return { reading: failed('no code') }
  //   if (errno >= 50000) return { reading: failed(`code ${errno}`) } // the numbers your backend uses for its own trouble
  //   if (errno !== 0) return { reading: { kind: 'refused', code: String(errno) } }
  //   return { data: field(data, 'data') }

  return { data }
}

function failed(reason: string): Reading {
  return { kind: 'failed', reason }
}

function json(body: unknown): unknown {
  if (typeof body !== 'string') return undefined
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** A field of an object, or undefined when it is none. */
function field(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[key] : undefined
}

/** A field as text; a number counts, as some backends have numeric ids. */
function text(object: unknown, key: string): string | undefined {
  const value = field(object, key)
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The value of a cookie the reply sets. Header names come in canonical case; several Set-Cookie headers may be joined by commas. */
export function cookie(reply: Reply, name: string): string | undefined {
  const header: unknown = reply.headers['Set-Cookie']
  return typeof header === 'string' ? new RegExp(`(?:^|[,;]\\s*)${name}=([^;,\\s]+)`).exec(header)?.[1] : undefined
}
