import net, { type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { releaseTogether } from '../../../src/lab/race.ts'
import type { WireRequest } from '../../../src/lab/wire-request.ts'
import { bodyOf, json, serve } from './small-server.ts'

function post(url: string, body: string | undefined): WireRequest {
  return { method: 'POST', url: `${url}/login`, path: '/login', headers: { 'Content-Type': 'application/json' }, body }
}

const bodies = (n: number): string[] => Array.from({ length: n }, (_, i) => JSON.stringify({ i, text: 'é' }))

describe('the race gate', () => {
  it('lets no request be complete before every request stands', async () => {
    let standing = 0
    const standingAtCompletion: number[] = []
    const url = await serve(async (request, response) => {
      standing++
      const body = await bodyOf(request)
      standingAtCompletion.push(standing)
      json(response, 200, body)
    })
    const { replies, spreadMs } = await releaseTogether(
      bodies(12).map(body => post(url, body)),
      { timeoutMs: 5_000 },
    )
    expect(standingAtCompletion).toEqual(new Array(12).fill(12))
    expect(replies.map(({ outcome }) => ('error' in outcome ? outcome.error : outcome.body))).toEqual(bodies(12))
    expect(spreadMs).toBeGreaterThanOrEqual(0)
  })

  it('reads a chunked reply', async () => {
    const url = await serve((request, response) => {
      request.resume().on('end', () => {
        response.write('{"a"')
        response.end(':1}')
      })
    })
    const { replies } = await releaseTogether([post(url, '{}')], { timeoutMs: 5_000 })
    expect(replies[0]?.outcome).toMatchObject({ status: 200, body: '{"a":1}', cut: false })
  })

  it('holds a request without a body back whole', async () => {
    const url = await serve((_, response) => json(response, 204, ''))
    const { replies } = await releaseTogether([post(url, undefined), post(url, undefined)], { timeoutMs: 5_000 })
    expect(replies.map(({ outcome }) => ('error' in outcome ? outcome.error : outcome.status))).toEqual([204, 204])
  })

  it('takes the answer of a server that refuses before it has read all', async () => {
    const url = await serve((_, response) => json(response, 413, {}))
    const { replies } = await releaseTogether([post(url, '{"long":"body"}')], { timeoutMs: 5_000 })
    expect(replies[0]?.outcome).toMatchObject({ status: 413 })
  })

  it('reports connections that fail or fall silent instead of throwing', async () => {
    const mute = net.createServer(() => {}).listen(0, '127.0.0.1')
    await new Promise(resolve => mute.once('listening', resolve))
    onTestFinished(() => {
      mute.close()
    })
    const silent = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`
    const { replies } = await releaseTogether([post('http://127.0.0.1:9', '{}'), post(silent, '{}')], { timeoutMs: 150 })
    expect(replies.every(({ outcome }) => 'error' in outcome)).toBe(true)
  })
})
