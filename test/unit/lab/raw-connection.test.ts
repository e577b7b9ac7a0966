import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import target from '../../../onetap.target.ts'
import { nodeCryptoPort } from '../../../src/lab/crypto-port.ts'
import { type Dialer, openDialer } from '../../../src/lab/raw-connection.ts'
import { createTargetClient, type TargetClient } from '../../../src/lab/target-client.ts'
import { TargetTrouble } from '../../../src/lab/trouble.ts'

const LOGIN = { carrier: 'china-mobile', token: 'STsid-x', appId: 'a', nonce: 'n' } as const

describe('a connection of an attack’s own', () => {
  const server = http.createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      response.writeHead(403, { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] })
      response.end(JSON.stringify({ error: { code: body.includes('STsid-x') ? 'SEEN' : 'UNSEEN' } }))
    })
  })
  let client: TargetClient
  let dialer: Dialer
  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    client = clientOf((server.address() as AddressInfo).port)
    dialer = openDialer(client, 1_000)
  })
  afterAll(async () => {
    dialer.close()
    await client.close()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })

  function clientOf(port: number): TargetClient {
    return createTargetClient({
      baseUrl: `http://127.0.0.1:${port}`,
      target,
      vars: {},
      context: { crypto: nodeCryptoPort },
      now: Date.now,
      requestTimeoutMs: 1_000,
      maxRequests: 100,
      deadlineMs: 10_000,
    })
  }

  it('sends nothing by itself, then what the attack says, and books the answer as an exchange', async () => {
    const connection = await dialer.dial('oneTap', LOGIN)
    expect(connection.said()).toBe('')
    const { line, headers, body } = connection.request
    expect(line).toBe('POST /v1/login/one-tap HTTP/1.1')
    await connection.write(
      `${line}\r\nHost: ${headers.Host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    )
    await connection.write(body)
    await expect.poll(() => connection.said(), { timeout: 3_000 }).toContain('SEEN')
    const exchange = connection.finish()
    expect(exchange).toMatchObject({ op: 'oneTap', status: 403, reading: { kind: 'refused', code: 'SEEN' } })
    expect(client.replyOf(exchange.id)?.headers['Set-Cookie']).toBe('a=1, b=2')
    expect(connection.finish()).toBe(exchange)
  })

  it('tells when the other side ended it, and books that no answer came', async () => {
    const connection = await dialer.dial('oneTap', LOGIN)
    server.closeAllConnections()
    await expect.poll(() => connection.endedAfterMs(), { timeout: 3_000 }).toBeTypeOf('number')
    expect(await connection.write('more')).toBe(false)
    expect(connection.finish()).toMatchObject({ status: 0, reading: { kind: 'failed' } })
  })

  it('is trouble of the target where none can be made', async () => {
    const nobody = clientOf(9)
    await expect(openDialer(nobody, 500).dial('oneTap', LOGIN)).rejects.toBeInstanceOf(TargetTrouble)
    await nobody.close()
  })
})
