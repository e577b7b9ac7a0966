import { Client, type Dispatcher } from 'undici'

/** One kept-alive connection; it carries one request at a time. */
export interface Connection {
  readonly client: Client
  /** How often it came about: more than once when either side ended it while it was idle. */
  connects: number
}

export interface ConnectionsOptions {
  origin: string
  /** Longest a new connection may take to come about, milliseconds. */
  connectTimeoutMs: number
  atLeast: number
  /** Address the n-th connection comes from; the system's choice unless told. */
  sourceOf?: ((n: number) => string) | undefined
}

/**
 * Connections as a crowd has them: `atLeast` of them are made before one is used again, then they take turns, and more are made
 * when all are busy. With fewer, a target that limits by address would take the crowd for a few people. undici's own Pool looks through all its clients for a free one, which a
 * stalled target turns into thousands of looks per request.
 */
export class Connections {
  /** In the order they became free, from `nextFree` on. */
  private free: Connection[] = []
  private nextFree = 0
  private readonly all = new Set<Connection>()
  private readonly options: ConnectionsOptions
  private made = 0

  constructor(options: ConnectionsOptions) {
    this.options = options
  }

  /** Connections there are, busy or free. */
  get count(): number {
    return this.all.size
  }

  take(): Connection {
    const kept = this.all.size < this.options.atLeast ? undefined : this.longestFree()
    return kept ?? this.make()
  }

  private longestFree(): Connection | undefined {
    const kept = this.free[this.nextFree]
    if (kept !== undefined) this.nextFree++
    if (this.nextFree > 1000) {
      this.free = this.free.slice(this.nextFree)
      this.nextFree = 0
    }
    return kept
  }

  private make(): Connection {
    const localAddress = this.options.sourceOf?.(this.made++)
    const client = new Client(this.options.origin, {
      pipelining: 1,
      // As long as Go keeps them for k6; a shorter time that the target tells holds.
      keepAliveTimeout: 90_000,
      // Our own deadline is to the millisecond and runs from the send; undici's timers are coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: this.options.connectTimeoutMs, noDelay: true },
      ...(localAddress === undefined ? {} : { localAddress }),
    })
    const made: Connection = { client, connects: 0 }
    client.on('connect', () => made.connects++)
    this.all.add(made)
    return made
  }

  /** To be called when the reply is complete. */
  giveBack(connection: Connection): void {
    if (this.all.has(connection)) this.free.push(connection)
  }

  /** To be called when a request failed: nothing is known of what the connection still carries. */
  drop(connection: Connection, why: Error): void {
    if (!this.all.delete(connection)) return
    // It reports to the request's own handler; there is nobody else to tell.
    connection.client.destroy(why).catch(() => undefined)
  }

  close(): void {
    for (const connection of [...this.all]) this.drop(connection, new Error('the load is over'))
    this.free = []
    this.nextFree = 0
  }
}

export type ReplyHandler = Dispatcher.DispatchHandler
