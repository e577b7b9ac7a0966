import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunningMocks } from '../../src/world/mocks.ts'
import { examineAll, startCarriers, told } from './world.ts'

/** Backends that are none. A suite that goes green on one of them is broken. */
describe('a backend that is none', () => {
  let mocks: RunningMocks
  beforeAll(async () => {
    mocks = await startCarriers()
  })
  afterAll(() => mocks?.stop())

  async function against(answer: http.RequestListener): Promise<{ outcomes: string[]; sentences: string[] }> {
    const server = http.createServer(answer).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const all = await examineAll(mocks.ready, { url: `http://127.0.0.1:${port}`, rebindSecret: 'none' })
      return { outcomes: [...new Set(all.map(({ verdict }) => verdict.outcome))], sentences: all.map(told) }
    } finally {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }

  const json = (response: http.ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  it('refuses everything: every attack is inconclusive, none passes', async () => {
    const { outcomes, sentences } = await against((_, response) => json(response, 403, { error: { code: 'NO' } }))
    expect(outcomes, sentences.join('\n')).toEqual(['inconclusive'])
  })

  it('grants everything to everybody: every attack is inconclusive, for nothing can be proved by a credential', async () => {
    const everything = { nonce: 'a-nonce-like-text-of-22', tokenA: 'a-credential', account: { id: 'acc' }, applied: true }
    const { outcomes, sentences } = await against((_, response) => json(response, 200, everything))
    expect(outcomes, sentences.join('\n')).toEqual(['inconclusive'])
  })

  it('breaks on everything: every attack is inconclusive', async () => {
    const { outcomes, sentences } = await against((_, response) => json(response, 500, {}))
    expect(outcomes, sentences.join('\n')).toEqual(['inconclusive'])
  })

  it('hangs up on everything: every attack is inconclusive', async () => {
    const { outcomes, sentences } = await against(request => request.socket.destroy())
    expect(outcomes, sentences.join('\n')).toEqual(['inconclusive'])
  })

  it('is not there at all: nothing passes', async () => {
    const all = await examineAll(mocks.ready, { url: 'http://127.0.0.1:9', rebindSecret: 'none' })
    expect([...new Set(all.map(({ verdict }) => verdict.outcome))], all.map(told).join('\n')).toEqual(['inconclusive'])
  })

  it('is not the trouble when the carriers are gone: every attack is an error of the world, none passes', async () => {
    const ready = { ...mocks.ready, controlUrl: 'http://127.0.0.1:9' }
    const all = await examineAll(ready, { url: 'http://127.0.0.1:9', rebindSecret: 'none' })
    expect([...new Set(all.map(({ verdict }) => verdict.outcome))], all.map(told).join('\n')).toEqual(['error'])
  })
})
