/** A server that does nothing but parse a JSON body and answer a constant: `node bare-server.ts http|fastify BODY`. Ends with stdin. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fastify from 'fastify'

const [kind, body = '{}'] = process.argv.slice(2)
const HEAD = { 'content-type': 'application/json;charset=UTF-8', 'content-length': String(Buffer.byteLength(body)) }
process.stdin.on('end', () => process.exit(0)).resume()

let port: number
if (kind === 'http') {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString('utf8'))
      response.writeHead(200, HEAD).end(body)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
} else {
  const app = fastify()
  app.post('/*', (_request, reply) => reply.headers(HEAD).send(body))
  await app.listen({ host: '127.0.0.1', port: 0 })
  port = (app.server.address() as AddressInfo).port
}
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
