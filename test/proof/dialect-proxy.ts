import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent, request } from 'undici'

export interface PlainReply {
  status: number
  headers: Record<string, string>
  body: string
}

export interface Asked {
  /** Counts from 1. */
  nth: number
  method: string
  path: string
  body: string
}

/** Changes how a sound backend speaks, not what it does. `forward` asks the backend itself. */
export type Dialect = (asked: Asked, forward: () => Promise<PlainReply>) => Promise<PlainReply>

/** A proxy that waits longer, or takes in more, than the backend behind it would be the weak place itself. */
const AS_STRICT_AS_BEHIND = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 }
const MOST_BYTES = 64 * 1024

/** A proxy in front of a backend that answers in another dialect. */
export async function speakThrough(backendUrl: string, dialect: Dialect): Promise<{ url: string; close(): Promise<void> }> {
  let nth = 0
  const agents = new Map<string, Agent>()
  // Whoever asks, asks from there: limits by source must not take all for one.
  const agentFrom = (address: string): Agent => {
    const agent = agents.get(address) ?? new Agent({ localAddress: address })
    agents.set(address, agent)
    return agent
  }
  const server = http.createServer(AS_STRICT_AS_BEHIND, async (incoming, response) => {
    const body = await wholeBody(incoming)
    if (body === 'gone') return
    if (body === 'too long') return void response.writeHead(413, { connection: 'close' }).end()
    const asked = { nth: ++nth, method: incoming.method ?? 'GET', path: incoming.url ?? '/', body: body.text }
    const agent = agentFrom(incoming.socket.remoteAddress ?? '127.0.0.1')
    const reply = await dialect(asked, () => forward(backendUrl, asked, incoming.headers, agent))
    response.writeHead(reply.status, reply.headers).end(reply.body)
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await Promise.all([...agents.values()].map(agent => agent.destroy()))
    },
  }
}

/** Some attacks hang up in the middle of a body: then nobody waits for an answer. */
async function wholeBody(incoming: http.IncomingMessage): Promise<{ text: string } | 'too long' | 'gone'> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of incoming) {
      bytes += (chunk as Buffer).length
      if (bytes > MOST_BYTES) return 'too long'
      chunks.push(chunk as Buffer)
    }
  } catch (error) {
    if (incoming.destroyed) return 'gone'
    throw error
  }
  return { text: Buffer.concat(chunks).toString('utf8') }
}

const PASSED_ON = ['content-type', 'authorization', 'x-rebind-timestamp', 'x-rebind-signature', 'x-reauth', 'x-forwarded-for']

async function forward(
  backendUrl: string,
  asked: Asked,
  headers: http.IncomingHttpHeaders,
  dispatcher: Agent,
): Promise<PlainReply> {
  const sent = Object.fromEntries(PASSED_ON.flatMap(name => (headers[name] === undefined ? [] : [[name, String(headers[name])]])))
  const { method, path, body } = asked
  const options = { method: method as 'POST', headers: sent, body: body === '' ? null : body, dispatcher }
  const reply = await request(backendUrl + path, options)
  const type = reply.headers['content-type']
  return {
    status: reply.statusCode,
    headers: type === undefined ? {} : { 'content-type': String(type) },
    body: await reply.body.text(),
  }
}

export function answer(status: number, body: unknown, headers: Record<string, string> = {}): PlainReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }
}
