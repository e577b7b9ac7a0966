import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
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
