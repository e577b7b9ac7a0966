import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LiveSeries, type LiveStep } from './live-series.ts'
import { decodeWriteRequest } from './write-request.ts'

/** Receives a load tool's metrics on a loopback port of its own. */
export interface RemoteWriteReceiver {
  /** Where the generator of this number pushes; the path cannot be guessed, so nobody else's metrics get in. */
  urlOf(generator: number): string
  live: LiveSeries
  /** Pushes refused because they were no valid write request. */
  readonly refused: number
  close(): Promise<void>
}

/** k6 sends some ten kilobytes a push. */
const MOST_BODY_BYTES = 8 * 1024 * 1024

export async function startReceiver(
  onStep: (step: LiveStep, live: LiveSeries) => void,
  generators = 1,
): Promise<RemoteWriteReceiver> {
  const live = new LiveSeries()
  const paths = Array.from({ length: generators }, () => `/${randomUUID()}/write`)
  let refused = 0
  const server = createServer((request, response) => {
    const answer = (status: number): void => {
      response.writeHead(status, { connection: status === 204 ? 'keep-alive' : 'close' }).end()
    }
    const generator = paths.indexOf(request.url ?? '')
    if (request.method !== 'POST' || generator < 0) return answer(404)
    readBody(request).then(
      body => {
        if (body === undefined) {
          refused++
          return answer(413)
        }
        let step: LiveStep
        try {
          step = live.add(decodeWriteRequest(body), Date.now(), generator)
        } catch {
          // Whatever the codecs say of junk, the sender learns 400 and the run counts it.
          refused++
          return answer(400)
        }
        answer(204)
        onStep(step, live)
      },
      // The sender hung up: nobody to answer, and the next push is cumulative.
      () => undefined,
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    urlOf: generator => `http://127.0.0.1:${(server.address() as AddressInfo).port}${paths[generator] ?? ''}`,
    live,
    get refused() {
      return refused
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The whole body, or undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BODY_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
