import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Bait } from '../contract/attack.ts'

const MOST_CALLS = 1000

/** A listener on a loopback port that nobody is told of but the target, by an attack. */
export async function layBait(body: string): Promise<Bait & { close(): Promise<void> }> {
  const calls: string[] = []
  const server = http.createServer((request, response) => {
    if (calls.length < MOST_CALLS) calls.push(`${request.method} ${request.url}`)
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => [...calls],
    close: () => {
      server.closeAllConnections()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
