import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { RaceMethod } from '../contract/figures.ts'
import { holdOnOwnConnections } from './race-h1.ts'
import { holdOnStreams } from './race-h2.ts'
import type { RawReply } from './reply.ts'
import type { WireRequest } from './wire-request.ts'

/** Time for the held requests to reach the server and be parsed up to their missing byte. */
const STAND_MS = 30

/** A request of which all but the last byte is on the wire. */
export interface Held {
  /** Hands the last byte to the kernel, or to the session that does so at the end of this tick; calls nothing asynchronous before. */
  release(): void
  outcome: Promise<RaceReply>
}

export interface RaceReply {
  outcome: RawReply | { error: string }
  /** When the head of the answer came, on the performance clock; undefined when none did. */
  answeredAtMs?: number
  endedAtMs: number
}

export interface RaceOutcome {
  /** In the order of the requests. */
  replies: { outcome: RawReply | { error: string }; durationMs: number }[]
  method: RaceMethod
  /** Milliseconds between the first and the last release. */
  spreadMs: number
  /** Share (0-1) of the requests released before the first answer came back; 0 for no requests. */
  overlap: number
}

export interface RaceWire {
  timeoutMs: number
  /** The target speaks HTTP/2 without TLS. Over TLS it is asked by ALPN. */
  http2PriorKnowledge?: boolean
}

/**
 * Releases all requests in one tick: every request stands with all but its last byte sent, and a server cannot begin a request
 * whose body is not complete, so all begin together. Where the target speaks HTTP/2 all last bytes leave on one connection, in one
 * packet where they fit, so what the network does to connections does not tear them apart; else each has a connection of its own.
 * A request without a body is held back whole.
 */
export async function releaseTogether(requests: readonly WireRequest[], wire: RaceWire): Promise<RaceOutcome> {
  const streams = await holdOnStreams(requests, wire)
  const held = streams ?? (await holdOnOwnConnections(requests, wire.timeoutMs))
  await sleep(STAND_MS)
  // Timers fire before sockets are read: a turn more, so that nothing of ours is still under way.
  await nextTurn()
  const releases = held.map(one => {
    const at = performance.now()
    one.release()
    return at
  })
  const settled = await Promise.all(held.map(one => one.outcome))
  return {
    replies: settled.map(({ outcome, endedAtMs }, position) => ({
      outcome,
      durationMs: endedAtMs - (releases[position] ?? endedAtMs),
    })),
    method: streams === undefined ? 'h1-last-byte' : 'h2-last-frame',
    spreadMs: releases.length === 0 ? 0 : Math.max(...releases) - Math.min(...releases),
    overlap: overlapOf(releases, settled),
  }
}

function overlapOf(releases: readonly number[], replies: readonly RaceReply[]): number {
  if (releases.length === 0) return 0
  const firstAnswer = Math.min(...replies.map(({ answeredAtMs }) => answeredAtMs ?? Number.POSITIVE_INFINITY))
  return releases.filter(at => at < firstAnswer).length / releases.length
}
