import { afterEach, describe, expect, it } from 'vitest'
import type { LiveStep } from '../../../src/engines/live-series.ts'
import { type RemoteWriteReceiver, startReceiver } from '../../../src/engines/remote-write.ts'
import { encodeWriteRequest } from '../../../src/engines/write-request.ts'
import { counterSeries } from './k6-push.ts'

let receiver: RemoteWriteReceiver
afterEach(() => receiver.close())

async function post(url: string, body: Uint8Array): Promise<number> {
  return (await fetch(url, { method: 'POST', body: Buffer.from(body) })).status
}

describe('the receiver', () => {
  it('takes a push and tells what it added', async () => {
    const steps: LiveStep[] = []
    receiver = await startReceiver(step => steps.push(step))
    expect(await post(receiver.urlOf(0), encodeWriteRequest({ timeseries: [counterSeries('ot_attempted_total', 4)] }))).toBe(204)
    expect(steps.map(s => s.counters.attempted)).toEqual([4])
    expect(new URL(receiver.urlOf(0)).hostname).toBe('127.0.0.1')
  })

  it('answers junk with 400, counts it and goes on', async () => {
    receiver = await startReceiver(() => undefined)
    expect(await post(receiver.urlOf(0), Buffer.from('junk'))).toBe(400)
    expect(await post(receiver.urlOf(0), encodeWriteRequest({ timeseries: [counterSeries('ot_attempted_total', 4)] }))).toBe(204)
    expect(receiver.refused).toBe(1)
    expect(receiver.live.counters.attempted).toBe(4)
  })

  it('does not read a body beyond its limit', async () => {
    receiver = await startReceiver(() => undefined)
    const status = await post(receiver.urlOf(0), Buffer.alloc(9 * 1024 * 1024)).catch(() => 413)
    expect(status).toBe(413)
    expect(receiver.refused).toBe(1)
  })

  it('is not there under any other path or method', async () => {
    receiver = await startReceiver(() => undefined)
    const { origin } = new URL(receiver.urlOf(0))
    expect(await post(`${origin}/api/v1/write`, Buffer.alloc(1))).toBe(404)
    expect((await fetch(receiver.urlOf(0))).status).toBe(404)
  })
})
