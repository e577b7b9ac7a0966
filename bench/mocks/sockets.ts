import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { LOGIN_PATH } from './servers.ts'

/** A client that does next to nothing: what it measures is the server and the wire. One request at a time per connection. */
export class RawClient {
  readonly #socket: Socket
  #text = ''
  #answered: ((status: number) => void) | undefined

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true).setEncoding('latin1')
    socket.on('data', (chunk: string) => this.#take(chunk))
  }

  static async open(url: string): Promise<RawClient> {
    const { port, hostname } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  /** Resolves with the status once the whole answer is there. */
  post(request: string): Promise<number> {
    return new Promise(resolve => {
      this.#answered = resolve
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: string): void {
    this.#text += chunk
    const end = this.#text.indexOf('\r\n\r\n')
    if (end < 0) return
    const length = Number(/content-length: (\d+)/i.exec(this.#text)?.[1] ?? 0)
    if (this.#text.length < end + 4 + length) return
    const status = Number(this.#text.slice(9, 12))
    this.#text = ''
    this.#answered?.(status)
  }
}

export function requestText(body: string): string {
  const head = [`POST ${LOGIN_PATH} HTTP/1.1`, 'host: bench', 'content-type: application/json', `content-length: ${body.length}`]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

/**
 * How long answers took, in milliseconds, with so many calls always under way. The connections begin spread over one delay, or all
 * of them would call at the same instant for ever after and queue behind each other.
 */
export async function answerTimesMs(
  url: string,
  body: string,
  concurrent: number,
  delayMs: number,
  seconds: number,
): Promise<number[]> {
  const clients = await Promise.all(Array.from({ length: concurrent }, () => RawClient.open(url)))
  const request = requestText(body)
  const times: number[] = []
  const warmUntilMs = performance.now() + 1000
  const untilMs = warmUntilMs + seconds * 1000
  await Promise.all(
    clients.map(async (client, position) => {
      await sleep((position * delayMs) / concurrent)
      for (let sentMs = performance.now(); sentMs < untilMs; sentMs = performance.now()) {
        const status = await client.post(request)
        if (status !== 200) throw new Error(`status ${status}`)
        if (sentMs >= warmUntilMs) times.push(performance.now() - sentMs)
      }
      client.close()
    }),
  )
  return times.sort((a, b) => a - b)
}
