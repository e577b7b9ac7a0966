/**
 * Servers that answer a constant: `node bare-server.ts http|fastify|raw BODY [DELAY_MS]`. `http` and `fastify` parse a JSON body
 * first, `raw` looks at nothing and is the floor of what any server here can do. Ends with stdin.
 */
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createRawServer, type Server } from 'node:net'
import fastify from 'fastify'

const [kind, body = '{}', delayText = '0'] = process.argv.slice(2)
const delayMs = Number(delayText)
const HEAD = { 'content-type': 'application/json;charset=UTF-8', 'content-length': String(Buffer.byteLength(body)) }
process.stdin.on('end', () => process.exit(0)).resume()

const server = await listening()
process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })}\n`)

async function listening(): Promise<Server> {
  if (kind === 'fastify') {
    const app = fastify()
    app.post('/*', (_request, reply) => reply.headers(HEAD).send(body))
    await app.listen({ host: '127.0.0.1', port: 0 })
    return app.server
  }
  const server = kind === 'raw' ? rawServer() : httpServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

function httpServer(): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString('utf8'))
      const answer = (): void => void response.writeHead(200, HEAD).end(body)
      if (delayMs === 0) answer()
      else setTimeout(answer, delayMs)
    })
  })
}

function rawServer(): Server {
  const head = Object.entries(HEAD).map(([name, value]) => `${name}: ${value}\r\n`)
  const answer = `HTTP/1.1 200 OK\r\n${head.join('')}\r\n${body}`
  return createRawServer(socket => {
    socket.setNoDelay(true).on('data', () => socket.write(answer))
    socket.on('error', () => undefined)
  })
}
