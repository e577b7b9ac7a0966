import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A connection on which a test decides every byte and every piece. */
export class RawConnection {
  readonly #socket: Socket
  #received = Buffer.alloc(0)
  #changed: (() => void) | undefined
  closed = false

  private constructor(socket: Socket) {
    this.#socket = socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#changed?.()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.closed = true
      this.#changed?.()
    })
  }

  static open(url: string): Promise<RawConnection> {
    const { port } = new URL(url)
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => resolve(new RawConnection(socket)))
      socket.once('error', reject)
    })
  }

  write(piece: string | Buffer): void {
    this.#socket.write(piece)
  }

  /** Takes nothing more off the connection until `resume`. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Half of the connection only: what is still to come is received. */
  finish(): void {
    this.#socket.end()
  }

  /** The next whole answer; what there is of one when the connection ends or nothing more comes. */
  async answer(patienceMs = 2000): Promise<string> {
    const untilMs = performance.now() + patienceMs
    for (;;) {
      const size = wholeAnswerBytes(this.#received)
      const late = performance.now() >= untilMs
      if (size !== undefined || this.closed || late) {
        const end = size ?? this.#received.length
        const text = this.#received.subarray(0, end).toString('utf8')
        this.#received = this.#received.subarray(end)
        return text + (size === undefined && !this.closed ? '<and no more>' : '') + (this.closed ? '<closed>' : '')
      }
      await Promise.race([
        new Promise<void>(resolve => (this.#changed = resolve)),
        sleep(Math.max(1, untilMs - performance.now())),
      ])
    }
  }

  close(): void {
    this.#socket.destroy()
  }
}

function wholeAnswerBytes(received: Buffer): number | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const length = /\r\ncontent-length: (\d+)/i.exec(received.subarray(0, end).toString('latin1'))?.[1]
  const size = end + 4 + Number(length ?? 0)
  return received.length >= size ? size : undefined
}

/** A POST as a plain client writes it; `head` adds lines or, by the same name, takes their place. */
export function rawPost(path: string, body: string, head: Readonly<Record<string, string>> = {}): string {
  const all = {
    host: '127.0.0.1',
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...head,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}
