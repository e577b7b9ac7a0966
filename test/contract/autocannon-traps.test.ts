import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import autocannon from 'autocannon'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** What autocannon does that one would not expect; src/engines/autocannon*.ts is built around it. */
let server: Server
let url: string
const seen: string[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    // Runs that ended by time leave a request behind; those go to the root.
    if (request.url !== undefined && request.url !== '/') seen.push(request.url)
    setTimeout(() => response.end('{}'), 50)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** How many values a histogram holds; the types leave it out. */
const valuesIn = (histogram: autocannon.Histogram): number =>
  (histogram as autocannon.Histogram & { totalCount: number }).totalCount

describe("autocannon's rate mode", () => {
  const rate = { connections: 1, overallRate: 10, duration: 2 }

  it('reports half the true latency, from more values than there were requests', async () => {
    const { latency, requests } = await autocannon({ url, ...rate })
    expect(latency.p50).toBeLessThan(40)
    expect(valuesIn(latency)).toBeGreaterThan(requests.total * 5)
  })

  it('reports the true one only when told to leave out its correction', async () => {
    const { latency, requests } = await autocannon({ url, ...rate, ignoreCoordinatedOmission: true })
    expect(latency.p50).toBeGreaterThanOrEqual(49)
    expect(valuesIn(latency)).toBe(requests.total)
  })

  it('sends twice the rate with two workers', async () => {
    const { requests } = await autocannon({
      url,
      connections: 4,
      overallRate: 20,
      workers: 2,
      duration: 2,
      ignoreCoordinatedOmission: true,
    })
    expect(requests.total).toBeGreaterThan(20 * 2 * 1.5)
  })
})

describe("autocannon's time-out", () => {
  it('cannot be less than a second by its option', async () => {
    await expect(autocannon({ url, connections: 1, amount: 1, timeout: 0.4 })).rejects.toThrow('timeout')
  })
})

describe("autocannon's list of requests", () => {
  it('clears its context each time it has gone through it, so a flow in one entry never gets to its second step', async () => {
    seen.length = 0
    await autocannon({
      url,
      connections: 1,
      amount: 4,
      requests: [
        {
          setupRequest: (request, context) => ({ ...request, path: (context as { next?: string }).next ?? '/first' }),
          onResponse: (_status, _body, context) => {
            ;(context as { next?: string }).next = '/second'
          },
        },
      ],
    })
    expect(seen).toEqual(['/first', '/first', '/first', '/first'])
  })

  it('can be set for each client, which then keeps its own state', async () => {
    seen.length = 0
    await autocannon({
      url,
      connections: 1,
      amount: 4,
      setupClient: client => {
        let step = 0
        client.setRequests([{ setupRequest: request => ({ ...request, path: `/${++step}` }) }])
      },
    })
    expect(seen).toEqual(['/1', '/2', '/3', '/4'])
  })
})

describe('an autocannon client', () => {
  it('ends, and sends nothing more, once it has made as many requests as it may', async () => {
    seen.length = 0
    const { requests } = await autocannon({
      url,
      connections: 2,
      duration: 30,
      sampleInt: 100,
      setupClient: client => {
        const inside = client as autocannon.Client & { reqsMade: number; responseMax: number }
        client.setRequests([
          {
            setupRequest: request => ({ ...request, path: '/any' }),
            onResponse: () => {
              if (inside.reqsMade === 3) inside.responseMax = inside.reqsMade
            },
          },
        ])
      },
    })
    expect(requests.total).toBe(6)
    expect(seen).toHaveLength(6)
  })

  it('asks for a new request, without a word about the last, when the server hangs up', async () => {
    const rude = createServer(request => request.socket.destroy())
    await new Promise<void>(resolve => rude.listen(0, '127.0.0.1', resolve))
    let asked = 0
    let answered = 0
    await autocannon({
      url: `http://127.0.0.1:${(rude.address() as AddressInfo).port}`,
      connections: 1,
      duration: 30,
      sampleInt: 100,
      setupClient: client => {
        client.setRequests([
          {
            setupRequest: request => {
              if (++asked === 5) process.nextTick(() => (client as autocannon.Client & { destroy(): void }).destroy())
              return request
            },
            onResponse: () => {
              answered++
            },
          },
        ])
      },
    })
    rude.close()
    expect([asked, answered]).toEqual([5, 0])
  })
})
