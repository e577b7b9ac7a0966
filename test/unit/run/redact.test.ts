import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import { subscriberAt } from '../../../src/contract/people.ts'
import { mintToken } from '../../../src/contract/token.ts'
import { createRedactor } from '../../../src/run/redact.ts'

const redact = <T>(value: T): T => createRedactor('salt').redact(value)
const SESSION = 'kZ3v9Qw7Xb1LtY5m'
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMzgxMjM0NTY3OCJ9.c2lnbmF0dXJl'

/** Anything JSON with these texts strewn in: as values, as keys, glued to other text, in JSON text, in forms. */
function recordsWith(text: fc.Arbitrary<string>): fc.Arbitrary<{ record: unknown; text: string }> {
  return text.chain(secret => {
    const spelt = fc.constantFrom(
      secret,
      `before ${secret} after`,
      `before${secret}`,
      `"${secret}"`,
      JSON.stringify({ any: secret, deep: [{ x: `tel:${secret}` }] }),
      JSON.stringify({ body: JSON.stringify({ inner: secret }) }),
      `a=1&field=${encodeURIComponent(secret)}&b=2`,
      `q=${encodeURIComponent(JSON.stringify({ any: secret }))}`,
      `sid=${secret}; Path=/`,
      `<p>${secret}</p>`,
    )
    const leaf = fc.oneof(spelt, fc.integer(), fc.boolean(), fc.constant(null))
    const record = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.constantFrom('a', 'body', 'token', 'Cookie', 'note'), spelt), tie('value'), { maxKeys: 4 }),
      ),
    })).value
    return record.map(value => ({ record: value, text: secret }))
  })
}

const msisdn = fc.integer({ min: 0, max: 9_999_999 }).map(index => subscriberAt(1, index).msisdn)
const phone = fc
  .tuple(fc.constantFrom('', '+86', '86', '0086', '%2B86', '+86 ', '+86-', '0'), msisdn)
  .map(parts => parts.join(''))
const jwt = fc.tuple(fc.base64String({ minLength: 12 }), fc.base64String({ minLength: 12 })).map(([a, b]) => {
  const part = (text: string): string => text.replace(/[+/=]/g, '_')
  return `eyJ${part(a)}.eyJ${part(b)}.${part(b)}`
})
const carrierToken = fc
  .record({ carrier: fc.constantFrom(...CARRIER_IDS), tokenIndex: fc.nat(), subscriberIndex: fc.nat(0xff_ffff) })
  .map(claims => mintToken(7, { ...claims, generation: 0, appIndex: 0, purpose: 'login', issuedAtMs: 1_760_000_000_000 }))

describe('what never survives in any text of any record', () => {
  test('a mobile number, however it is written', () => {
    fc.assert(
      fc.property(recordsWith(phone), ({ record, text }) => {
        const digits = text.slice(-11)
        expect(JSON.stringify(redact(record))).not.toContain(digits)
      }),
    )
  })

  test('a JSON web token', () => {
    fc.assert(
      fc.property(recordsWith(jwt), ({ record, text }) => {
        expect(JSON.stringify(redact(record))).not.toContain(text.split('.')[1])
      }),
    )
  })

  test('a carrier token of any carrier', () => {
    fc.assert(
      fc.property(recordsWith(carrierToken), ({ record, text }) => {
        expect(JSON.stringify(redact(record))).not.toContain(text.slice(-32))
      }),
    )
  })

  // A key of letters alone is a field's name: there the names of our own records could be meant.
  test('a value that was named as secret', () => {
    const secret = fc.string({ minLength: 8, maxLength: 40 }).filter(text => /[^A-Za-z_-]/.test(text) && text.isWellFormed())
    fc.assert(
      fc.property(recordsWith(secret), ({ record, text }) => {
        const redactor = createRedactor('salt')
        redactor.hide(text)
        const written = JSON.stringify(redactor.redact({ record }))
        for (const spelling of [text, encodeURIComponent(text)])
          expect(written).not.toContain(JSON.stringify(spelling).slice(1, -1))
      }),
    )
  })

  test('a value that stands in a secret field anywhere in the record', () => {
    fc.assert(
      fc.property(
        recordsWith(fc.constant(SESSION)),
        fc.constantFrom('token', 'token_a', 'accessToken', 'X-Auth-Token', 'nonces', 'sid'),
        ({ record }, field) => {
          expect(JSON.stringify(redact({ record, last: { [field]: SESSION } }))).not.toContain(SESSION)
        },
      ),
    )
  })
})

test.each([
  ['13812345678', '138****5678'],
  ['+8613812345678', '+86138****5678'],
  ['008613812345678', '0086138****5678'],
  ['%2B8613812345678', '%2B86138****5678'],
  ['phone=%2013812345678&x', 'phone=%20138****5678&x'],
  ['%2213812345678%22', '%22138****5678%22'],
  ['"\\u002b8613812345678"', '"\\u002b86138****5678"'],
  ['+86 138 1234 5678', '+86 138 **** 5678'],
  ['138-1234-5678', '138-****-5678'],
  ['user13812345678x', 'user138****5678x'],
  ['13812345678,13912345678', '138****5678,139****5678'],
  ['{"phone":13812345678}', '{"phone":138****5678}'],
  ['IMSI 460001234567890', 'IMSI 460********7890'],
])('%s is written as %s', (text, masked) => {
  expect(redact(text)).toBe(masked)
})

test.each([
  '1760000000000', // epoch milliseconds
  'at 1760000000000 ms',
  '1381234567', // ten digits
  '138123456789', // twelve
  '23812345678',
  '12812345678', // no mobile prefix
  '20260102-030405-9f3a21c7', // a run id
  '3f2c1178-1345-4abc-9def-0123456789ab', // a UUID
  '2026-01-02T03:04:05.678Z',
  'http://127.0.0.1:13812/login',
  '138****5678',
  'china-mobile/103000',
  'rp-nonce-race',
  'nonce-single-use=after-use',
  'a token of the former owner',
])('%s is no secret and stays', text => {
  expect(redact({ note: text }).note).toBe(text)
})

test('a phone number that is a number is masked by the name of its field; counts and times stay', () => {
  expect(redact({ mobile: 13812345678, atMs: 1_760_000_000_000, bytes: 13812345678, phones: [8613812345678] })).toEqual({
    mobile: '138****5678',
    atMs: 1_760_000_000_000,
    bytes: 13812345678,
    phones: ['86138****5678'],
  })
})

describe('what the judge needs is still there', () => {
  test('the shape, the numbers and the truth values of a record are unchanged', () => {
    const skeleton = (value: unknown): unknown =>
      typeof value === 'string'
        ? 'text'
        : Array.isArray(value)
          ? value.map(skeleton)
          : typeof value === 'object' && value !== null
            ? Object.values(value).map(skeleton)
            : value
    fc.assert(
      fc.property(recordsWith(fc.oneof(phone, jwt, carrierToken)), ({ record }) => {
        expect(skeleton(redact(record))).toEqual(skeleton(record))
      }),
    )
  })

  test('equal secrets get equal marks and different ones different marks, wherever they stand', () => {
    const redactor = createRedactor('salt')
    const { a, b, c } = redactor.redact({ a: { token: SESSION }, b: { credential: SESSION }, c: { nonce: `${SESSION}x` } })
    const later = redactor.redact({
      header: { Authorization: `Bearer ${SESSION}`, 'set-cookie': `sid=${SESSION}; Path=/; HttpOnly` },
      body: JSON.stringify({ user: { unknown_name: SESSION } }),
      form: `credential=${SESSION}&x=1`,
    })
    const mark = a.token
    expect(mark).toMatch(/^\[secret:[a-p]{12}\]$/)
    expect(b.credential).toBe(mark)
    expect(c.nonce).not.toBe(mark)
    expect(later).toEqual({
      header: { Authorization: `Bearer ${mark}`, 'set-cookie': `sid=${mark}; Path=/; HttpOnly` },
      body: `{"user":{"unknown_name":"${mark}"}}`,
      form: `credential=${mark}&x=1`,
    })
  })

  test('a secret has one mark in all its spellings', () => {
    const secret = 'ab+c/d"e=1234'
    const { token, form, json, cookie } = redact({
      token: secret,
      form: `token=${encodeURIComponent(secret)}`,
      json: JSON.stringify({ token: secret }),
      cookie: `sid=${encodeURIComponent(secret)}`,
    })
    expect([form, json, cookie]).toEqual([`token=${token}`, `{"token":"${token}"}`, `sid=${token}`])
  })

  test('the mark does not depend on which record came first', () => {
    const [first, second] = [createRedactor('salt'), createRedactor('salt')]
    first.redact({ authCode: JWT })
    expect(first.redact({ x: JWT })).toEqual(second.redact({ x: JWT }))
    expect(first.redact({ token: JWT }).token).toBe(second.redact({ x: JWT }).x)
  })

  test('a token cut short does not uncover the rest of the whole one', () => {
    const redactor = createRedactor('salt')
    redactor.redact({ token: SESSION.slice(0, 10) })
    const { token, body } = redactor.redact({ token: SESSION, body: `<${SESSION}>` })
    expect(body).toBe(`<${token}>`)
  })

  test('our own words stay, although a target names them as its secrets', () => {
    const evidence = { status: 'observed', carrier: 'china-mobile', attackId: 'rp-nonce-race', kind: 'account-exposed' }
    const poison = JSON.stringify({ token: 'observed', nonce: 'china-mobile', secret: 'account-exposed' })
    expect(redact({ body: poison, evidence }).evidence).toEqual(evidence)
  })

  test('a cookie’s attributes are not secrets', () => {
    const cookie = 'theme=dark; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Partitioned; HttpOnly, b=c; Domain=shop.test'
    const { 'Set-Cookie': header, note } = redact({
      'Set-Cookie': cookie,
      note: 'HttpOnly and Partitioned until 21 Oct 2026 07:28:00 GMT at shop.test',
    })
    expect(note).toBe('HttpOnly and Partitioned until 21 Oct 2026 07:28:00 GMT at shop.test')
    expect(header).toMatch(
      /^theme=\[secret:\w+\]; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Partitioned; HttpOnly, b=\[secret:\w+\]; Domain=shop\.test$/,
    )
  })

  test('what an attack sent in a secret’s place is still to be seen when it is none', () => {
    const body = JSON.stringify({ token: null, nonce: '' })
    expect(redact({ body, form: 'token=null&nonce=', token: 'undefined' })).toEqual({
      body,
      form: 'token=null&nonce=',
      token: 'undefined',
    })
  })

  test('the text of a body is changed where the secret stands and nowhere else', () => {
    const body = `{ "nonce" : "${SESSION}" ,\n  "nonce": "other-1234", "n": 1e3 }`
    expect(redact({ body }).body).toMatch(/^\{ "nonce" : "\[secret:\w+\]" ,\n {2}"nonce": "\[secret:\w+\]", "n": 1e3 \}$/)
  })

  test('two numbers as keys do not become one entry', () => {
    expect(redact({ '13811115678': 1, '13822225678': 2 })).toEqual({ '138****5678': 1, '138****5678 (2)': 2 })
  })
})

test('an app id that looks like a token stays when it is known to be none', () => {
  const appId = 'ab'.repeat(16)
  expect(redact({ appId }).appId).toMatch(/^\[secret:/)
  const redactor = createRedactor('salt')
  redactor.keep(appId)
  expect(redactor.redact({ appId, body: `{"appId":"${appId}"}` })).toEqual({ appId, body: `{"appId":"${appId}"}` })
})

test('a short secret is masked in its field and in JSON text, where it cannot be told from innocent words elsewhere', () => {
  const { smsCode, body, form, note } = redact({
    smsCode: '482913',
    body: '{"smsCode":"482913","otp":482913}',
    form: 'sms_code=482913',
    note: '482913 logins',
  })
  expect(smsCode).toMatch(/^\[secret/)
  expect(body).toBe(`{"smsCode":"${smsCode}","otp":"${smsCode}"}`)
  expect(form).toBe(`sms_code=${smsCode}`)
  expect(note).toBe('482913 logins')
})

test('a mark cannot be computed beforehand: another run has other marks', () => {
  const [a, b] = [1, 2].map(() => createRedactor().redact({ smsCode: '482913' }).smsCode)
  expect(a).not.toBe(b)
})

test('a named secret outlives any number of learnt ones', () => {
  const redactor = createRedactor('salt')
  redactor.hide('control-token-1')
  for (let i = 0; i < 110; i++) redactor.redact({ tokens: Array.from({ length: 1000 }, (_, j) => `session-${i}-${j}`) })
  expect(redactor.redact('control-token-1 session-109-999')).not.toMatch(/control-token-1|session-109-999/)
})

test('a megabyte is redacted in two seconds although two thousand secrets are known', () => {
  const redactor = createRedactor('salt')
  const secret = (i: number): string => `s${i}x${(i * 2_654_435_761).toString(36)}q`
  for (let i = 0; i < 2000; i++) redactor.hide(secret(i))
  const line = (i: number): string =>
    JSON.stringify({ path: '/login', token: secret(i % 2000), phone: '13812345678', text: 'y'.repeat(150) })
  const record = { transcript: Array.from({ length: 4500 }, (_, i) => ({ body: line(i) })) }
  expect(JSON.stringify(record).length).toBeGreaterThan(1_000_000)
  const startedAt = process.cpuUsage()
  const written = JSON.stringify(redactor.redact(record))
  const { user, system } = process.cpuUsage(startedAt)
  expect(written).not.toContain(secret(77))
  expect((user + system) / 1e6).toBeLessThan(2)
})

test('one text of a megabyte without a line feed is no trouble', () => {
  const text = `{"token":"${SESSION}","x":"${'a\\"b'.repeat(250_000)}"}`
  expect(redact({ text }).text).not.toContain(SESSION)
})
