import { describe, expect, it, onTestFinished } from 'vitest'
import { nodeCryptoPort } from '../../../src/lab/crypto-port.ts'
import { candidates, probePossession } from '../../../src/lab/possession.ts'
import type { RawReply } from '../../../src/lab/reply.ts'
import { createTargetClient } from '../../../src/lab/target-client.ts'
import { json, plainTarget, serve } from './small-server.ts'

function reply(body: string, headers: Record<string, string> = {}): RawReply {
  return { status: 200, body, headers, cut: false }
}

describe('what might be a credential', () => {
  it('begins with what the target module read', () => {
    expect(candidates(reply('{"a":"something-long"}'), 'own')).toEqual(['own', 'something-long'])
  })

  it('is every string of a nested body that is long enough', () => {
    expect(candidates(reply('{"d":{"list":["abcdefgh",{"k":"ijklmnop"}],"short":"abc","n":123456789}}'), undefined)).toEqual([
      'abcdefgh',
      'ijklmnop',
    ])
  })

  it('is a cookie by its value and as a pair, also when several are joined by commas', () => {
    const headers = { 'Set-Cookie': 'sid=s3cr3t-value; Path=/; Expires=Thu, 01 Jan 2099 00:00:00 GMT, other=another-value' }
    expect(candidates(reply('', headers), undefined)).toEqual(
      expect.arrayContaining(['s3cr3t-value', 'sid=s3cr3t-value', 'another-value']),
    )
  })

  it('is a word of a body that is no JSON', () => {
    expect(candidates(reply('<token>abcdefgh12</token>'), undefined)).toContain('abcdefgh12')
  })

  it('is a header of its own, but not the date', () => {
    expect(candidates(reply('', { Date: 'Thu, 01 Jan 2026 00:00:00 GMT', 'X-Auth': 'abcdefgh' }), undefined)).toEqual([
      'abcdefgh',
    ])
  })

  it('is never text that cannot stand in a header', () => {
    expect(candidates(reply(JSON.stringify(['line\r\nbreak-in', '电话号码电话号码'])), undefined)).toEqual([])
  })

  it('is at most thirty strings, however many the reply holds', () => {
    const many = JSON.stringify(Array.from({ length: 500 }, (_, i) => `candidate-${i}`))
    expect(candidates(reply(many), undefined)).toHaveLength(30)
  })
})

describe('the possession probe', () => {
  async function probe(loginBody: unknown): Promise<unknown> {
    const url = await serve((request, response) => {
      if (request.url === '/login') return json(response, 403, loginBody)
      const known = request.headers.authorization === 'the-real-session'
      return json(response, known ? 200 : 401, known ? { account: 'acc-1' } : {})
    })
    const client = createTargetClient({
      baseUrl: url,
      target: plainTarget,
      vars: {},
      context: { crypto: nodeCryptoPort },
      now: () => 0,
      requestTimeoutMs: 5_000,
      maxRequests: 100,
      deadlineMs: 60_000,
    })
    onTestFinished(() => client.close())
    return probePossession(client, await client.send('oneTap', { carrier: 'china-mobile', token: 't', appId: 'a', nonce: 'n' }))
  }

  it('finds a working credential even in a reply that looks like a refusal', async () => {
    expect(await probe({ error: { debug: { session: 'the-real-session' } } })).toEqual({
      credential: 'the-real-session',
      account: 'acc-1',
    })
  })

  it('finds nothing where nothing works', async () => {
    expect(await probe({ credential: 'looks-like-a-session' })).toBeUndefined()
  })
})
