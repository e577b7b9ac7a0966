import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface OpenLoad {
  url: string
  /** The request to send, text and all; asked anew for each call. */
  request(): Buffer
  connections: number
  ratePerSecond: number
  /** Not measured: connections stand and code is compiled. */
  warmSeconds: number
  seconds: number
  /** Sleeps between turns, a millisecond at least: arrivals then come in small bunches, and the core is left to others. */
  patient?: boolean
}

export interface OpenOutcome {
  /** From writing a request to having its answer, ascending, milliseconds. */
  timesMs: Float64Array
  /** How late requests were written, by the schedule: this client's own trouble, kept out of `timesMs`. Ascending. */
  lagsMs: Float64Array
  /** Arrivals that found no free connection and were left out. */
  starved: number
}

/**
 * Open-model load: arrivals evenly spread in time, each on a connection that is free. A closed client would not do for measuring
 * delays: calls that once began together end together and begin together again, for ever, and what it measures is their queueing.
 * Unless it is patient it turns without pause, so it needs a core of its own. Throws when an answer is no 200.
 */
export async function openLoad(load: OpenLoad): Promise<OpenOutcome> {
  const { hostname, port } = new URL(load.url)
  const capacity = Math.ceil(load.ratePerSecond * load.seconds * 1.1) + load.connections
  const timesMs = new Float64Array(capacity)
  const lagsMs = new Float64Array(capacity)
  const sentMs = new Float64Array(load.connections)
  const counts = { times: 0, lags: 0, starved: 0 }
  const free = new FreeList(load.connections)
  const buffer = Buffer.alloc(64 * 1024)
  let measuredFromMs = Number.POSITIVE_INFINITY
  let bad = ''
  const open = (position: number): Socket => {
    // One buffer for all sockets: answers are looked at and dropped, so nothing is left for the collector to interrupt us over.
    const callback = (length: number): boolean => {
      const sent = sentMs[position] ?? 0
      if (sent >= measuredFromMs) timesMs[counts.times++] = performance.now() - sent
      if (buffer[9] !== 0x32) bad = buffer.toString('latin1', 0, length)
      free.put(position)
      return true
    }
    return connect({ port: Number(port), host: hostname, noDelay: true, onread: { buffer, callback } })
  }
  const sockets = Array.from({ length: load.connections }, (_, position) => open(position))
  await Promise.all(sockets.map(socket => once(socket, 'connect')))

  const startMs = performance.now() + 50
  measuredFromMs = startMs + load.warmSeconds * 1000
  const endMs = measuredFromMs + load.seconds * 1000
  let arrivals = 0
  await new Promise<void>(resolve => {
    const turn = (): void => {
      for (;;) {
        const dueMs = startMs + (arrivals * 1000) / load.ratePerSecond
        const nowMs = performance.now()
        if (nowMs < dueMs) break
        arrivals++
        const measured = dueMs >= measuredFromMs
        const position = free.take()
        if (position === undefined) {
          if (measured) counts.starved++
          continue
        }
        sentMs[position] = nowMs
        if (measured) lagsMs[counts.lags++] = nowMs - dueMs
        sockets[position]?.write(load.request())
      }
      if (performance.now() >= endMs || bad !== '') resolve()
      else if (load.patient === true) setTimeout(turn, 1)
      else setImmediate(turn)
    }
    turn()
  })
  await sleep(300)
  for (const socket of sockets) socket.destroy()
  if (bad !== '') throw new Error(`${load.url} answered: ${bad.slice(0, 300)}`)
  return {
    timesMs: timesMs.slice(0, counts.times).sort(),
    lagsMs: lagsMs.slice(0, counts.lags).sort(),
    starved: counts.starved,
  }
}

export function quantileOf(ascending: Float64Array, q: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(q * ascending.length))] ?? Number.NaN
}

/** Free connections, the longest idle first, in a ring. */
class FreeList {
  readonly #ring: Int32Array
  #head = 0
  #count = 0

  constructor(size: number) {
    this.#ring = new Int32Array(size)
    for (let position = 0; position < size; position++) this.put(position)
  }

  put(position: number): void {
    this.#ring[(this.#head + this.#count++) % this.#ring.length] = position
  }

  take(): number | undefined {
    if (this.#count === 0) return undefined
    const position = this.#ring[this.#head]
    this.#head = (this.#head + 1) % this.#ring.length
    this.#count--
    return position
  }
}
