import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Connection, Connections } from '../../../src/engines/connections.ts'

const server = createServer((request, response) => void response.end(request.socket.remotePort?.toString()))
let connections: Connections

beforeEach(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  connections = new Connections({ origin, connectTimeoutMs: 1000, atLeast: 3 })
})

afterEach(async () => {
  connections.close()
  server.closeAllConnections()
  await new Promise(done => server.close(done))
})

async function use(connection: Connection): Promise<string> {
  const { body } = await connection.client.request({ path: '/', method: 'GET' })
  return body.text()
}

it('makes as many as it should before one is used again, then they take turns', async () => {
  const ports: string[] = []
  for (let i = 0; i < 7; i++) {
    const connection = connections.take()
    ports.push(await use(connection))
    connections.giveBack(connection)
  }
  expect(new Set(ports.slice(0, 3)).size).toBe(3)
  expect(ports.slice(3)).toEqual([...ports.slice(0, 3), ports[0]])
})

it('makes more when all are busy, and forgets one that failed', () => {
  const taken = Array.from({ length: 5 }, () => connections.take())
  expect([new Set(taken).size, connections.count]).toEqual([5, 5])
  const [failed, ...rest] = taken
  connections.drop(failed!, new Error('gone'))
  connections.giveBack(failed!)
  for (const connection of rest) connections.giveBack(connection)
  expect(connections.count).toBe(4)
  expect(Array.from({ length: 4 }, () => connections.take())).toEqual(rest)
})

it('takes turns over many thousand uses', () => {
  const first = Array.from({ length: 3 }, () => connections.take())
  for (const connection of first) connections.giveBack(connection)
  for (let i = 0; i < 5000; i++) {
    const connection = connections.take()
    expect(connection).toBe(first[i % 3])
    connections.giveBack(connection)
  }
})
