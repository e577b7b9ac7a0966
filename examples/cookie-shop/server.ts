import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Environment, readEnvironment } from './environment.ts'
import { type Page, shopPages } from './pages.ts'
import { Refusal } from './refusal.ts'
import { ShopStore } from './shop-store.ts'
import { reportTrouble } from './trouble.ts'
import { send, sendAnswer, sendRefusal } from './wire.ts'

/**
 * A small shop with one-tap login, in a dialect as far from the reference backend's as real ones are: HTTP 200 for everything,
 * error numbers in the body, nested fields, form bodies, a session cookie. Sound; shares no code with anything else here.
 *
 * `node examples/cookie-shop/server.ts`, all settings by environment. Prints one JSON line when it listens.
 */

async function answer(env: Environment, pages: Map<string, Page>, request: IncomingMessage, response: ServerResponse) {
  try {
    const path = request.url?.split('?')[0]
    if (path === '/__onetap/identity' && request.method === 'GET' && env.showsIdentity) {
      send(response, { runId: env.runId, role: 'target', name: 'cookie-shop', version: '1.0.0', flaws: [], pid: process.pid })
      return
    }
    const page = pages.get(`${request.method} ${path}`)
    if (page === undefined) throw new Refusal('noSuchPage', 'there is no such page')
    sendAnswer(response, await page(request))
  } catch (error) {
    if (request.destroyed && !request.complete) return // The client left; nobody is there to answer.
    if (error instanceof Refusal) return sendRefusal(response, error)
    reportTrouble('internal', error)
    sendRefusal(response, new Refusal('internal', 'something went wrong here'))
  }
}

function start(): void {
  const env = readEnvironment(process.env)
  const pages = shopPages(env, new ShopStore())
  const server = createServer({ requestTimeout: 10_000, keepAliveTimeout: 30_000 }, (request, response) => {
    void answer(env, pages, request, response)
  })
  server.on('error', error => {
    process.stderr.write(`cookie-shop cannot listen: ${error.message}\n`)
    process.exitCode = 2
  })
  server.listen(env.port, env.host, () => {
    const { port } = server.address() as AddressInfo
    process.stdout.write(`${JSON.stringify({ listening: `http://${env.host}:${port}`, runId: env.runId })}\n`)
  })
  const stop = () => {
    server.close(() => process.exit(0))
    server.closeIdleConnections()
    setTimeout(() => process.exit(0), 2000).unref()
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

try {
  start()
} catch (error) {
  process.stderr.write(`cookie-shop cannot start: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
