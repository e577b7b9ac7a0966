import { Client, type Dispatcher } from 'undici'

/** One kept-alive connection; it carries one request at a time. */
export type Connection = Client

export interface ConnectionsOptions {
  origin: string
  /** Longest a new connection may take to come about, milliseconds. */
  connectTimeoutMs: number
}

/**
 * As many connections as requests are under way at once, and no more: the one used last is used next, so a quiet load keeps to a
 * few and an idle one is closed by either side unnoticed. undici's own Pool looks through all its clients for a free one, which a
 * stalled target turns into thousands of looks per request.
 */
export class Connections {
  private readonly free: Connection[] = []
  private readonly all = new Set<Connection>()
  private readonly options: ConnectionsOptions

  constructor(options: ConnectionsOptions) {
    this.options = options
  }

  /** Connections there are, busy or free. */
  get count(): number {
    return this.all.size
  }

  take(): Connection {
    const kept = this.free.pop()
    if (kept !== undefined) return kept
    const made = new Client(this.options.origin, {
      pipelining: 1,
      // Our own deadline is to the millisecond and runs from the send; undici's timers are coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: this.options.connectTimeoutMs, noDelay: true },
    })
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
    connection.destroy(why).catch(() => undefined)
  }

  close(): void {
    for (const connection of [...this.all]) this.drop(connection, new Error('the load is over'))
    this.free.length = 0
  }
}

export type ReplyHandler = Dispatcher.DispatchHandler
