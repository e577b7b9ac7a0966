import { once } from 'node:events'
import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunningMocks } from '../../../mocks/start.ts'
import { startMocks } from '../../../mocks/start.ts'
import { Traffic } from '../../../mocks/traffic.ts'
import type { JournalTotals } from '../../../src/contract/journal.ts'

let mocks: RunningMocks
beforeAll(async () => {
  mocks = await startMocks({
    runId: 'traffic',
    seed: 1,
    subscribers: 300,
    carriers: ['china-unicom'],
    behaviour: { latency: { kind: 'fixed', ms: 80 }, faults: [], singleUse: 'strict' },
  })
})
afterAll(() => mocks.close())

const totals = async (): Promise<JournalTotals> => {
  const reply = await fetch(`${mocks.ready.controlUrl}/__onetap/journal/totals`, {
    headers: { authorization: `Bearer ${mocks.ready.controlToken}` },
  })
  return (await reply.json()) as JournalTotals
}

it('a caller that hangs up before its answer is counted, and a phone’s connection is not', async () => {
  const url = new URL(mocks.ready.providers[0]!.url)
  await fetch(`${url}handset/v1/prefetch`, { method: 'POST', headers: { connection: 'close' }, body: '{}' })
  const socket = new Socket()
  socket.connect(Number(url.port), url.hostname)
  await once(socket, 'connect')
  socket.write('POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n')
  await sleep(30)
  socket.destroy()
  await sleep(120)
  expect((await totals()).traffic?.['china-unicom']).toEqual({ calls: 1, repeated: 0, connections: 1, abandoned: 1 })
})

it('a load token brought again is a try again, and what gave out no number is named', () => {
  const traffic = new Traffic()
  traffic.called('china-mobile', false, 3)
  traffic.called('china-mobile', true, 3)
  traffic.called('china-mobile', true, 4)
  traffic.called('china-mobile', true, undefined)
  expect(traffic.byProvider()['china-mobile']).toMatchObject({ calls: 4, repeated: 1 })
  expect(traffic.loadTokens(2, 6)).toEqual({ from: 2, to: 6, called: 2, redeemed: 2, unredeemed: [2, 5], unnamed: 0 })
})
