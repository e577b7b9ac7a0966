import { createHmac, timingSafeEqual } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { MockBehaviour } from '../src/contract/journal.ts'
import type { BehaviourState } from './behaviour.ts'
import type { MockClock } from './clock.ts'
import type { LivesSnapshot, NumberLives } from './life.ts'
import type { Memories } from './memory.ts'
import type { NoticeSender, SenderSnapshot } from './notices/notice-sender.ts'
import type { Subscribers, SubscribersSnapshot } from './subscribers.ts'
import type { Teller, TellerSnapshot } from './teller.ts'

/**
 * What a snapshot holds: behaviour, pushed clock, number lives, issued and spent tokens, subscribers handed out, and what every
 * provider and phone remembers (nonces, codes by text, consents, access tokens, subscriptions, inboxes). Not the journal and the log
 * of deliveries, which tell what happened and are evidence of it; nor the keys of the apps, which are new with each start.
 */
interface State {
  version: 2
  behaviour: MockBehaviour
  aheadMs: number
  lives: LivesSnapshot
  teller: TellerSnapshot
  handedOut: SubscribersSnapshot
  notices: SenderSnapshot
  memories: Record<string, unknown>
}

export interface SnapshotPorts {
  seed: number
  behaviour: BehaviourState
  clock: MockClock
  lives: NumberLives
  teller: Teller
  subscribers: Subscribers
  notices: NoticeSender
  memories: Memories
}

/** Largest state that is unpacked: some forty million spent tokens. */
const LARGEST_STATE_BYTES = 64 * 1024 * 1024

/** The state as one text: sealed, because it is taken in again unread. Fits any mocks started with the same seed. */
export function takeSnapshot(ports: SnapshotPorts): string {
  const { seed, behaviour, clock, lives, teller, subscribers, notices, memories } = ports
  const state: State = {
    version: 2,
    behaviour: behaviour.current,
    aheadMs: clock.aheadMs,
    lives: lives.snapshot(),
    teller: teller.snapshot(),
    handedOut: subscribers.snapshot(),
    notices: notices.snapshot(),
    memories: memories.snapshot(),
  }
  const packed = gzipSync(JSON.stringify(state))
  return `${packed.toString('base64url')}.${seal(seed, packed).toString('base64url')}`
}

/** Takes everything back to a snapshot; false when the text is none of this seed's, and then nothing has changed. */
export function restoreSnapshot(text: string, ports: SnapshotPorts): boolean {
  const state = opened(text, ports.seed)
  if (state === undefined) return false
  ports.behaviour.replace(state.behaviour)
  ports.clock.reset()
  ports.clock.advance(state.aheadMs)
  ports.lives.restore(state.lives)
  ports.teller.restore(state.teller)
  ports.subscribers.restore(state.handedOut)
  ports.notices.restore(state.notices)
  ports.memories.restore(state.memories)
  return true
}

function opened(text: string, seed: number): State | undefined {
  const [body = '', mac = ''] = text.split('.')
  const packed = Buffer.from(body, 'base64url')
  const given = Buffer.from(mac, 'base64url')
  const expected = seal(seed, packed)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const state = JSON.parse(gunzipSync(packed, { maxOutputLength: LARGEST_STATE_BYTES }).toString('utf8')) as State
  return state.version === 2 ? state : undefined
}

function seal(seed: number, packed: Buffer): Buffer {
  return createHmac('sha256', `onetap mocks snapshot of seed ${seed}`).update(packed).digest()
}
