import { describe, expect, it, onTestFinished } from 'vitest'
import type { CraftedRequest } from '../../../src/contract/attack.ts'
import type { TargetProfile } from '../../../src/contract/target.ts'
import { nodeCryptoPort } from '../../../src/lab/crypto-port.ts'
import { TRANSCRIPT_BODY_LIMIT, WIRE_BODY_LIMIT } from '../../../src/lab/reply.ts'
import { createTargetClient, type TargetClientOptions } from '../../../src/lab/target-client.ts'
import { TargetTrouble } from '../../../src/lab/trouble.ts'
import { json, plainTarget, serve } from './small-server.ts'

function clientFor(baseUrl: string, more: Partial<TargetClientOptions> = {}) {
  const client = createTargetClient({
    baseUrl,
    target: plainTarget,
    vars: {},
    context: { crypto: nodeCryptoPort },
    now: () => 0,
    requestTimeoutMs: 5_000,
    maxRequests: 100,
    deadlineMs: 60_000,
    ...more,
  })
  onTestFinished(() => client.close())
  return client
}

const me = { credential: 'abc' }

describe('the target client', () => {
  it('spells header names as k6 does and joins repeated cookies with a comma', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'set-cookie': ['a=1', 'b=2'], 'x-rate-limit': '9' }).end())
    const client = clientFor(url)
    const { id } = await client.send('me', me)
    expect(client.replyOf(id)?.headers).toMatchObject({ 'Set-Cookie': 'a=1, b=2', 'X-Rate-Limit': '9' })
  })

  it('keeps a path in the base URL', async () => {
    const url = await serve((request, response) => json(response, 200, { account: request.url }))
    const { reading } = await clientFor(`${url}/api/v2`).send('me', me)
    expect(reading).toMatchObject({ account: '/api/v2/me' })
  })

  it('sends what an attack made of a request, still below the base URL', async () => {
    const url = await serve((request, response) => json(response, 200, { account: `${request.url} ${request.headers.x ?? ''}` }))
    const tamper = (request: CraftedRequest): CraftedRequest => ({ ...request, path: `${request.path}?a=1`, headers: { x: 'y' } })
    const client = clientFor(`${url}/api`)
    expect((await client.send('me', me, { tamper })).reading).toMatchObject({ account: '/api/me?a=1 y' })
    expect(client.transcript()[0]?.request).toMatchObject({ url: `${url}/api/me?a=1`, headers: { x: 'y' } })
  })

  it.runIf(process.platform === 'linux')('sends from the address it is given, or that an attack names', async () => {
    const url = await serve((request, response) => json(response, 200, { account: request.socket.remoteAddress }))
    const client = clientFor(url, { from: '127.7.0.1' })
    expect((await client.send('me', me)).reading).toMatchObject({ account: '127.7.0.1' })
    const tamper = (request: CraftedRequest): CraftedRequest => ({ ...request, from: '127.7.0.2' })
    expect((await client.send('me', me, { tamper })).reading).toMatchObject({ account: '127.7.0.2' })
  })

  it('follows no redirect: where it leads is the target module’s to read', async () => {
    let hits = 0
    const url = await serve((_, response) => {
      hits++
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect((await clientFor(url).send('me', me)).status).toBe(302)
    expect(hits).toBe(1)
  })

  it('reads no more of an endless body than its limit, and keeps less in the transcript', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200)
      const more = (): void => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more)
      }
      response.on('error', () => {})
      more()
    })
    const client = clientFor(url)
    const { id } = await client.send('me', me)
    expect(client.replyOf(id)).toMatchObject({ cut: true })
    expect(client.replyOf(id)?.body.length).toBe(WIRE_BODY_LIMIT)
    expect(client.transcript()[0]?.response).toMatchObject({ truncated: true })
    expect(client.transcript()[0]?.response?.body.length).toBe(TRANSCRIPT_BODY_LIMIT)
  })

  it('makes silence an exchange with status 0', async () => {
    const url = await serve(() => {})
    const client = clientFor(url, { requestTimeoutMs: 50 })
    expect(await client.send('me', me)).toMatchObject({ status: 0, reading: { kind: 'failed', reason: 'no reply within 50 ms' } })
    expect(client.transcript()[0]).toMatchObject({ response: null, error: 'no reply within 50 ms' })
  })

  it('makes a refused connection an exchange with status 0', async () => {
    const { status, reading } = await clientFor('http://127.0.0.1:9').send('me', me)
    expect({ status, kind: reading.kind }).toEqual({ status: 0, kind: 'failed' })
  })

  it('takes a target module that throws on a reply for a failed reading', async () => {
    const url = await serve((_, response) => response.end())
    const target: TargetProfile = {
      name: 'throws',
      operations: {
        me: {
          method: 'GET',
          path: '/me',
          read: () => {
            throw new Error('no such field')
          },
        },
      },
    }
    const { reading } = await clientFor(url, { target }).send('me', me)
    expect(reading).toMatchObject({ kind: 'failed', reason: expect.stringContaining('no such field') })
  })

  it('stops an attack that used up its requests', async () => {
    const url = await serve((_, response) => response.end())
    const client = clientFor(url, { maxRequests: 2 })
    await client.send('me', me)
    await client.send('me', me)
    await expect(client.send('me', me)).rejects.toThrow(TargetTrouble)
    expect(client.requests()).toBe(2)
  })

  it('stops an attack that used up its time', async () => {
    await expect(clientFor('http://127.0.0.1:9', { deadlineMs: -1 }).send('me', me)).rejects.toThrow(TargetTrouble)
  })

  it('leaves probes that were refused out of the transcript', async () => {
    const url = await serve((_, response) => json(response, 401, {}))
    const client = clientFor(url)
    await client.send('me', me, { keep: 'granted' })
    await client.send('me', me)
    expect(client.transcript()).toHaveLength(1)
    expect(client.requests()).toBe(2)
  })
})
