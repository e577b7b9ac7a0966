import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { preciseNowMs } from '../clock.ts'
import type { Answer, Call } from '../dialect.ts'
import { PlainRequests } from './plain-request.ts'
import { rawAnswer } from './raw-answer.ts'

/** Who answers a call that came the short way. */
export interface ShortWayDesk {
  /**
   * Takes a call and calls back once with its answer, at once or later; false when it does not take calls of this kind now, and
   * nothing has happened then. A throw is a defect of ours.
   */
  take(call: Call, arrivedAtMs: number, send: (answer: Answer) => void): boolean
  /** The caller of a call was gone when its answer was ready. */
  lost?(): void
  /** What the `Date` header tells, epoch milliseconds. */
  wallMs(): number
}

/**
 * Serves plain requests between Node's HTTP server and the socket, without a parser, streams and request objects, which cost several
 * times what a provider's own work does. The server keeps the connection, its time limits and everything that is not plain. A
 * connection's first request always goes the long way: the server cuts one whose first request it has not seen in time.
 */
export function openShortWay(server: Server, scheme: Call['scheme'], desk: ShortWayDesk): void {
  const connections = new WeakMap<object, Connection>()
  // The server's own listener ran before this one, and has put its reader on the socket.
  server.on(scheme === 'https' ? 'secureConnection' : 'connection', (socket: Socket) => {
    const [longWay, ...others] = socket.listeners('data')
    if (longWay === undefined || others.length > 0) return
    socket.off('data', longWay as (chunk: Buffer) => void)
    connections.set(socket, new Connection(server, socket, scheme, desk, longWay as (chunk: Buffer) => void))
  })
  // Node ends a connection that was idle for its time, and knows nothing of answers that wait here for a moment further off.
  server.on('timeout', (socket: Socket) => {
    if (connections.get(socket)?.isWaited !== true) socket.destroy()
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    connections.get(request.socket)?.goesLong(response)
  })
}

/** The place of an answer in the order of its connection; empty until it is ready. */
interface Place {
  text: string | Buffer | undefined
}

class Connection {
  readonly #server: Server
  readonly #socket: Socket
  readonly #desk: ShortWayDesk
  readonly #longWay: (chunk: Buffer) => void
  readonly #plain: PlainRequests
  #isFirst = true
  /** Requests that went the long way and are not answered. */
  #long = 0
  /** Requests that went the short way and whose answer, or an earlier one's, is not ready. */
  readonly #places: Place[] = []
  /** Waits for the answers before it, as the server would write its own at once. */
  #held: Buffer | undefined

  constructor(server: Server, socket: Socket, scheme: Call['scheme'], desk: ShortWayDesk, longWay: (chunk: Buffer) => void) {
    this.#server = server
    this.#socket = socket
    this.#desk = desk
    this.#longWay = longWay
    this.#plain = new PlainRequests(scheme)
    socket.on('data', this.#onData)
  }

  /** Whether an answer is owed. */
  get isWaited(): boolean {
    return this.#places.length > 0
  }

  /** The server read a request of this connection and will answer it. */
  goesLong(response: ServerResponse): void {
    response.once('close', () => {
      this.#long--
    })
  }

  readonly #onData = (chunk: Buffer): void => {
    const arrivedAtMs = preciseNowMs()
    const call = this.#plain.read(chunk)
    if (call !== undefined && this.#isOpen && this.#serve(call, arrivedAtMs)) return
    if (this.#places.length > 0) {
      this.#held = chunk
      this.#socket.pause()
      return
    }
    this.#sendLong(chunk, call !== undefined)
  }

  /** The server stops reading from a caller that does not take its answers, so that one is left to it. */
  get #isOpen(): boolean {
    return this.#long === 0 && !this.#isFirst && !this.#socket.writableNeedDrain
  }

  #serve(call: Call, arrivedAtMs: number): boolean {
    const place: Place = { text: undefined }
    this.#places.push(place)
    let taken: boolean
    try {
      taken = this.#desk.take(call, arrivedAtMs, answer => this.#answer(place, answer))
    } catch (error) {
      // As the server's framework answers a defect of ours.
      const message = error instanceof Error ? error.message : String(error)
      const body = JSON.stringify({ statusCode: 500, error: 'Internal Server Error', message })
      this.#answer(place, { ...DEFECT, body })
      return true
    }
    if (!taken) this.#places.pop()
    return taken
  }

  #answer(place: Place, answer: Answer): void {
    place.text = rawAnswer(answer, this.#server.keepAliveTimeout, this.#desk.wallMs())
    for (let first = this.#places[0]; first?.text !== undefined; first = this.#places[0]) {
      this.#places.shift()
      if (this.#socket.writable) this.#socket.write(first.text, 'latin1')
      else this.#desk.lost?.()
    }
    if (this.#held === undefined || this.#places.length > 0) return
    const chunk = this.#held
    this.#held = undefined
    this.#sendLong(chunk, this.#plain.read(chunk) !== undefined)
    this.#socket.resume()
  }

  /** A chunk that is no whole request leaves the server's parser in the middle of one, so the connection stays there. */
  #sendLong(chunk: Buffer, whole: boolean): void {
    this.#isFirst = false
    if (whole) this.#long++
    else {
      this.#socket.off('data', this.#onData)
      this.#socket.on('data', this.#longWay)
    }
    this.#longWay(chunk)
  }
}

const DEFECT = {
  httpStatus: 500,
  contentType: 'application/json; charset=utf-8',
  resultCode: '',
  redeemed: false,
  billed: false,
} as const
