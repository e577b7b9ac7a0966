import { Agent, request } from 'node:http'

/** A request as bad as need be: body bytes as given, headers as given, sent in pieces. */
export interface RawRequest {
  method?: string
  headers?: Readonly<Record<string, string | string[]>>
  body?: Buffer | string
  /** No Content-Length, but chunks. */
  chunked?: boolean
  /** Milliseconds between pieces of the body. */
  dripMs?: number
}

export interface RawReply {
  status: number
  headers: Readonly<Record<string, unknown>>
  text: string
}

/** One connection that is kept: what comes on it first and what comes later may go different ways through the mocks. */
export function keptConnection(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 })
}

/** Sends and reads the reply; a connection that the server ends while it is still being written to is no error once it answered. */
export function rawRequest(
  url: string,
  { method = 'POST', headers = {}, body = '', chunked, dripMs }: RawRequest,
  agent: Agent | false,
) {
  return new Promise<RawReply>((resolve, reject) => {
    const length = chunked === true ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request(
      url,
      { method, headers: { ...length, ...headers }, agent: agent === false ? undefined : agent },
      reply => {
        const chunks: Buffer[] = []
        const done = () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text: Buffer.concat(chunks).toString() })
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('end', done)
        reply.on('error', done)
      },
    )
    sent.on('error', reject)
    if (dripMs === undefined) {
      sent.end(body)
      return
    }
    const bytes = Buffer.from(body)
    const half = Math.ceil(bytes.length / 2)
    sent.write(bytes.subarray(0, half))
    setTimeout(() => sent.end(bytes.subarray(half)), dripMs)
  })
}
