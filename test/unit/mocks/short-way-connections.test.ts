import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer } from '../../../mocks/dialect.ts'
import { openShortWay } from '../../../mocks/short-way/short-way.ts'
import { RawConnection, rawPost } from './raw-exchange.ts'

const HEADERS_TIMEOUT_MS = 150

/** Who answered; a desk that takes everything until it is told otherwise. */
let answeredBy: string[]
let takes: boolean
let broken: boolean
let answerBody: string
let answerAfterMs: number
let server: Server
let url: string
beforeEach(async () => {
  answeredBy = []
  takes = true
  broken = false
  answerBody = 'desk'
  answerAfterMs = 0
  server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 20 }, (request, response) => {
    request.resume().on('end', () => {
      answeredBy.push('server')
      response.end('server')
    })
  })
  openShortWay(server, 'http', {
    wallMs: Date.now,
    take: (_call, _arrivedAtMs, send) => {
      if (broken) throw new Error('a defect')
      if (!takes) return false
      answeredBy.push('desk')
      const answer = { ...ANSWER, body: answerBody }
      if (answerAfterMs === 0) send(answer)
      else setTimeout(send, answerAfterMs, answer)
      return true
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

const ANSWER: Answer = {
  httpStatus: 200,
  contentType: 'text/plain',
  body: 'desk',
  resultCode: '',
  redeemed: false,
  billed: false,
}
const PLAIN = rawPost('/x', '{}')

async function asks(connection: RawConnection, request: string): Promise<string> {
  connection.write(request)
  return connection.answer()
}

describe('the short way', () => {
  it('is taken by every plain request of a connection but the first', async () => {
    const connection = await RawConnection.open(url)
    for (let i = 0; i < 4; i++) await asks(connection, PLAIN)
    expect(answeredBy).toEqual(['server', 'desk', 'desk', 'desk'])
    connection.close()
  })

  it('is open again after requests that the desk would not take', async () => {
    const connection = await RawConnection.open(url)
    await asks(connection, PLAIN)
    takes = false
    await asks(connection, PLAIN)
    await asks(connection, PLAIN)
    takes = true
    await sleep(5)
    await asks(connection, PLAIN)
    expect(answeredBy).toEqual(['server', 'server', 'server', 'desk'])
    connection.close()
  })

  it('is closed to a connection for good once the server read something that was no plain request', async () => {
    const connection = await RawConnection.open(url)
    await asks(connection, PLAIN)
    await asks(connection, PLAIN)
    await asks(connection, PLAIN.replace('POST', 'PUT'))
    await asks(connection, PLAIN)
    expect(answeredBy).toEqual(['server', 'desk', 'server', 'server'])
    connection.close()
  })

  it('keeps a connection beyond the time the server gives a first request', async () => {
    const connection = await RawConnection.open(url)
    await asks(connection, PLAIN)
    const untilMs = performance.now() + HEADERS_TIMEOUT_MS * 3
    while (performance.now() < untilMs) {
      expect(await asks(connection, PLAIN)).toMatch(/desk$/)
      await sleep(20)
    }
    connection.close()
  })

  it('leaves a connection’s end to the server: idle for its time, it is closed', async () => {
    server.keepAliveTimeout = 50
    const connection = await RawConnection.open(url)
    await asks(connection, PLAIN)
    await asks(connection, PLAIN)
    expect(await connection.answer(5000)).toBe('<closed>')
    expect(answeredBy).toEqual(['server', 'desk'])
  })

  it('owes an answer beyond the time after which idle connections are closed', async () => {
    server.keepAliveTimeout = 50
    answerAfterMs = 1500 // Node adds a second of its own
    const connection = await RawConnection.open(url)
    await asks(connection, PLAIN)
    connection.write(PLAIN)
    expect(await connection.answer(5000)).toMatch(/desk$/)
    expect(await connection.answer(5000)).toBe('<closed>')
  })

  it('leaves a caller that does not take its answers to the server, which reads no more from it', async () => {
    const connection = await RawConnection.open(url)
    await asks(connection, PLAIN)
    answerBody = 'x'.repeat(4_000_000)
    connection.pause()
    for (let i = 0; i < 20; i++) {
      connection.write(PLAIN)
      await sleep(3)
    }
    expect(answeredBy.length).toBeLessThan(6)
    connection.resume()
    for (let i = 0; i < 20; i++) expect(await connection.answer(5000)).toMatch(/(x|server)$/)
    connection.close()
  })

  it('answers a defect of ours with 500 and goes on', async () => {
    const connection = await RawConnection.open(url)
    await asks(connection, PLAIN)
    broken = true
    expect(await asks(connection, PLAIN)).toMatch(/^HTTP\/1\.1 500 [\s\S]*"message":"a defect"/)
    broken = false
    expect(await asks(connection, PLAIN)).toMatch(/desk$/)
    connection.close()
  })
})
