import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findingScripts } from '../../../reports/curl/finding-script.ts'
import { MOST_EXCHANGES } from '../../../reports/curl/needed-exchanges.ts'
import type { TranscriptEntry } from '../../../src/contract/attack.ts'
import type { Result } from '../../../src/contract/result.ts'
import { judge } from '../../../src/judge/judge.ts'
import { attackEvidenceOf, attackOf, attackPlanOf, GOT_IN, ledgerOf, planOf } from '../judge/evidence-builder.ts'
import { parses, runScript, valuesOf } from './run-script.ts'

const BASE = 'http://127.0.0.1:40001'
const NONCE = '[secret:abcdefghijkl]'
const TOKEN = '[carrier-token:ponmlkjihgfe]'
const JWT = '[jwt:aaaabbbbcccc]'

function exchange(id: number, request: Partial<TranscriptEntry['request']> = {}, reply = '{}'): TranscriptEntry {
  return {
    id,
    op: 'oneTap',
    atMs: id,
    request: { method: 'POST', url: `${BASE}/login`, headers: { 'Content-Type': 'application/json' }, body: null, ...request },
    response: { status: 200, headers: {}, body: reply, truncated: false },
  }
}

function resultOf(transcript: TranscriptEntry[], exchanges: readonly number[], url = BASE, title = 'Title'): Result {
  const proof = { kind: 'credential', text: '', exchanges, journal: [] } as const
  const evidence = attackEvidenceOf('rp-one', { ...GOT_IN, proof }, { transcript })
  const plan = planOf({ load: null, attack: attackPlanOf(), budgets: [] })
  return judge(ledgerOf({ load: null, url, attacks: [evidence] }), plan, [attackOf('rp-one', { title })])
}
const scriptOf = (...args: Parameters<typeof resultOf>): string => findingScripts(resultOf(...args))[0]?.text ?? ''

/** nonce, login with it, an exchange beside the matter, use of the credential. */
const STORY = [
  exchange(1, { url: `${BASE}/nonce`, body: '{}' }, `{"nonce":"${NONCE}"}`),
  exchange(2, { body: `{"nonce":"${NONCE}","token":"${TOKEN}","phone":"138****5678"}` }, `{"session":"${JWT}"}`),
  exchange(3, { url: `${BASE}/aside` }),
  exchange(4, { method: 'GET', url: `${BASE}/me?x=1`, headers: { Authorization: `Bearer ${JWT}` } }),
]

describe('the script of a finding', () => {
  it('lies under its id, one for each finding', () => {
    const result = resultOf(STORY, [4])
    expect(findingScripts(result).map(({ path }) => path)).toEqual([`findings/${result.attacks[0]?.finding?.id}.sh`])
  })

  it('sends what the proof names and what that was made with, and nothing beside the matter', () => {
    const { calls, code, stderr } = runScript(scriptOf(STORY, [4]), 'n-1\nt-1\n13800005678\nj-1\n')
    expect(code, stderr).toBe(0)
    expect(calls.map(call => valuesOf(call, '--url')[0])).toEqual([`${BASE}/nonce`, `${BASE}/login`, `${BASE}/me?x=1`])
    expect(valuesOf(calls[1] ?? [], '--data-raw')).toEqual(['{"nonce":"n-1","token":"t-1","phone":"13800005678"}'])
    expect(valuesOf(calls[2] ?? [], '--header')).toEqual(['Authorization: Bearer j-1'])
  })

  it('says where each value is to be found, and asks for none that the environment holds', () => {
    const env = { TOKEN_1: 'n', CARRIER_TOKEN_1: 't', NUMBER_1: '1', TARGET: 'http://127.0.0.1:9' }
    const { calls, stderr } = runScript(scriptOf(STORY, [4]), 'j\n', env)
    expect(stderr).toBe('JWT_1 (in the reply to step 2): ')
    expect(calls.map(call => valuesOf(call, '--url')[0])).toContain('http://127.0.0.1:9/me?x=1')
  })

  it('stops where a value is wanted and nobody gives it', () => {
    const { calls, code } = runScript(scriptOf(STORY, [4]))
    expect(code).not.toBe(0)
    expect(calls).toHaveLength(1)
  })

  it('holds no mark, masked number or password of the address', () => {
    const text = scriptOf(STORY, [2, 4], 'http://user:hunter22@127.0.0.1:40001')
    for (const part of [NONCE, TOKEN, JWT, '138****5678', 'hunter22']) expect(text).not.toContain(part)
  })

  it('is not longer than people read', () => {
    const many = Array.from({ length: 200 }, (_, i) => exchange(i + 1))
    const { calls } = runScript(
      scriptOf(
        many,
        many.map(({ id }) => id),
      ),
    )
    expect(calls).toHaveLength(MOST_EXCHANGES)
    expect(
      scriptOf(
        many,
        many.map(({ id }) => id),
      ),
    ).toContain('160 more requests are left out')
  })

  it('tells curl neither to read a file nor to follow settings or other schemes', () => {
    const odd = [
      exchange(1, { headers: { '@/etc/hosts': 'x', Empty: '' }, body: '@/etc/hosts' }),
      exchange(2, { url: 'file:///etc/hosts' }),
    ]
    const { calls } = runScript(scriptOf(odd, [1, 2]))
    expect(calls).toHaveLength(1)
    expect(calls[0]?.[0]).toBe('--disable')
    expect(valuesOf(calls[0] ?? [], '--header')).toEqual(['Empty;', 'Content-Type:'])
    expect(valuesOf(calls[0] ?? [], '--data-raw')).toEqual(['@/etc/hosts'])
    expect(valuesOf(calls[0] ?? [], '--proto')).toEqual(['=http,https'])
  })
})

describe('hostile values in a script', () => {
  /** What a shell cannot hold is replaced; what stays of a mark-like text is asked for, so none is drawn here. */
  const asHeld = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')
  const nasty = fc.constantFrom(
    `'; touch gone; '`,
    '$(touch gone)',
    '`touch gone`',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bait for the shell
    '${IFS}"; touch gone #',
    "'\\''",
    '\\',
    '"',
    '!!',
    '\n# x\ntouch gone\n',
    '\r\n',
    '\u001b]0;x\u0007',
    '%s%n',
    '\u202e',
    '\0',
    '\ud800',
    '--output',
    '\u0085\u2028',
    '*',
    '~',
  )
  const hostile = fc
    .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 6 })), { minLength: 1, maxLength: 6 })
    .map(parts => parts.join(''))

  it('start nothing, leave nothing and reach curl as they were, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile, hostile, hostile), { minLength: 3, maxLength: 10 }), values => {
        const story = values.map(([method, path, header, body], i) =>
          exchange(
            i + 1,
            { method: `X${method}`, url: `${BASE}/${path}`, headers: { 'X-Test': header, [body]: 'x' }, body },
            header,
          ),
        )
        const text = scriptOf(
          story,
          story.map(({ id }) => id),
          `${BASE}${values[0]?.[0]}`,
          values[0]?.[1],
        )
        expect(parses(text)).toBe(true)
        const { calls, code, stderr, left } = runScript(text, '', { TARGET: BASE })
        expect({ code, stderr, left }).toEqual({ code: 0, stderr: '', left: [] })
        expect(calls.map(call => valuesOf(call, '--data-raw')[0])).toEqual(values.map(([, , , body]) => asHeld(body)))
        expect(calls.map(call => valuesOf(call, '--request')[0])).toEqual(values.map(([method]) => asHeld(`X${method}`)))
        expect(calls.map(call => valuesOf(call, '--url')[0])).toEqual(values.map(([, path]) => asHeld(`${BASE}/${path}`)))
        const tested = calls.map(call => valuesOf(call, '--header').find(text => text.startsWith('X-Test')))
        expect(tested).toEqual(values.map(([, , header]) => (header === '' ? 'X-Test;' : asHeld(`X-Test: ${header}`))))
      }),
      { numRuns: 40 },
    )
  })

  it('show no control character and nothing that turns the reading direction', () => {
    fc.assert(
      fc.property(hostile, value => {
        const text = scriptOf([exchange(1, { headers: { 'X-Test': value }, body: value })], [1], BASE, value)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/)
      }),
    )
  })

  it('are no file names: an id that is none of ours gets no script', () => {
    const result = resultOf(STORY, [4])
    const [attack] = result.attacks
    const evil = { ...attack!, finding: { id: 'f-../../x', standing: { kind: 'counts' as const } } }
    expect(findingScripts({ ...result, attacks: [evil] })).toEqual([])
  })
})
