import { seededRng } from '../../src/contract/rng.ts'
import type { DeliveryLog, DeliveryRow } from './delivery-log.ts'
import { DELIVERY_DEFAULTS, type DeliveryManner, type DeliverySettings } from './delivery-settings.ts'
import type { Composed, Post } from './post.ts'

/** A notice on its way. */
export interface Outgoing {
  eventId: string
  format: DeliveryRow['format']
  settings: DeliverySettings
  compose(wallMs: number): Composed
}

export interface SenderPorts {
  seed: number
  log: DeliveryLog
  post: Post
  wallMs(): number
  /** Runs later; the returned function cancels. */
  after(waitMs: number, run: () => void): () => void
}

export interface SenderSnapshot {
  count: number
  subscriptionDelivery: DeliveryManner
}

/** What chance decided for one notice. */
interface Fate {
  lost: boolean
  doubled: boolean
  waitMs: number
}

/** A shuffled window that did not fill up is sent after this long. */
const WINDOW_PATIENCE_MS = 2_000

/**
 * Delivers notices as the settings of each say. The k-th notice's fate is drawn from (seed, k), so it is the same whatever the
 * target's answers and timing were.
 */
export class NoticeSender {
  readonly #ports: SenderPorts
  /** End of the queue per address, for notices that must not overtake each other. */
  readonly #lanes = new Map<string, Promise<void>>()
  readonly #windows = new Map<string, { kept: { notice: Outgoing; fate: Fate }[]; cancel: () => void }>()
  /** How events of subscriptions travel, for which nobody gives settings one by one. Set over the control plane. */
  subscriptionDelivery: DeliveryManner = DELIVERY_DEFAULTS
  #stop = new AbortController()
  #count = 0
  #pending = 0

  constructor(ports: SenderPorts) {
    this.#ports = ports
  }

  /** Notices not yet settled, those kept back for shuffling included. */
  get pending(): number {
    return this.#pending
  }

  send(notice: Outgoing): void {
    const fate = this.#fateOf(this.#count++, notice.settings)
    if (fate.lost) {
      this.#book(notice, { copy: 1, attempt: 0, outcome: 'lost', final: true })
      return
    }
    this.#pending++
    switch (notice.settings.order) {
      case 'free':
        void this.#deliver(notice, fate, this.#stop.signal)
        return
      case 'shuffled':
        this.#keepBack(notice, fate)
        return
      default:
        this.#enqueue(notice, fate)
    }
  }

  /** Sends what shuffling keeps back. */
  flush(): void {
    for (const address of [...this.#windows.keys()]) this.#release(address)
  }

  /** How many notices had their fate drawn, and how events of subscriptions travel; not what is on its way. */
  snapshot(): SenderSnapshot {
    return { count: this.#count, subscriptionDelivery: this.subscriptionDelivery }
  }

  restore(kept: SenderSnapshot): void {
    this.reset()
    this.#count = kept.count
    this.subscriptionDelivery = kept.subscriptionDelivery
  }

  /** Drops everything on its way: after a reset the numbers in it mean nothing. Fates are drawn from the start again. */
  reset(): void {
    this.#stop.abort()
    this.#stop = new AbortController()
    for (const window of this.#windows.values()) window.cancel()
    this.#windows.clear()
    this.#lanes.clear()
    this.#count = 0
    this.#pending = 0
  }

  #fateOf(ordinal: number, { lossShare, duplicateShare, delayMs, jitterMs }: DeliverySettings): Fate {
    const rng = seededRng(this.#ports.seed).fork('notices').fork(String(ordinal))
    const share = (): number => rng.u32() / 0x1_0000_0000
    return { lost: share() < lossShare, doubled: share() < duplicateShare, waitMs: delayMs + Math.floor(share() * jitterMs) }
  }

  #enqueue(notice: Outgoing, fate: Fate): void {
    const { url } = notice.settings
    const { signal } = this.#stop // now, not when its turn comes: a reset in between must reach it
    const before = this.#lanes.get(url) ?? Promise.resolve()
    const settled = before.then(() => this.#deliver(notice, fate, signal))
    this.#lanes.set(url, settled)
    void settled.then(() => {
      if (this.#lanes.get(url) === settled) this.#lanes.delete(url)
    })
  }

  #keepBack(notice: Outgoing, fate: Fate): void {
    const { url, window: size } = notice.settings
    let window = this.#windows.get(url)
    if (window === undefined) {
      window = { kept: [], cancel: this.#ports.after(WINDOW_PATIENCE_MS, () => this.#release(url)) }
      this.#windows.set(url, window)
    }
    window.kept.push({ notice, fate })
    if (window.kept.length >= size) this.#release(url)
  }

  #release(url: string): void {
    const window = this.#windows.get(url)
    if (window === undefined) return
    window.cancel()
    this.#windows.delete(url)
    const rng = seededRng(this.#ports.seed).fork('shuffle').fork(String(this.#count))
    for (const { notice, fate } of outOfOrder(window.kept, limit => rng.below(limit))) this.#enqueue(notice, fate)
  }

  async #deliver(notice: Outgoing, fate: Fate, signal: AbortSignal): Promise<void> {
    await this.#wait(fate.waitMs, signal)
    await this.#tryUntilDone(notice, 1, signal)
    if (fate.doubled) await this.#tryUntilDone(notice, 2, signal)
    if (!signal.aborted) this.#pending--
  }

  async #tryUntilDone(notice: Outgoing, copy: number, signal: AbortSignal): Promise<void> {
    const { url, attempts, backoffMs, timeoutMs } = notice.settings
    for (let attempt = 1; !signal.aborted; attempt++) {
      const answer = await this.#ports.post(url, notice.compose(this.#ports.wallMs()), timeoutMs, signal)
      if (signal.aborted) return
      const httpStatus = answer.kind === 'answered' ? answer.httpStatus : 0
      const delivered = httpStatus >= 200 && httpStatus < 300
      const final = delivered || attempt >= attempts || !isWorthRetrying(httpStatus)
      this.#book(notice, {
        copy,
        attempt,
        outcome: delivered ? 'delivered' : answer.kind === 'failed' ? 'failed' : 'refused',
        ...(answer.kind === 'failed' ? { error: answer.error } : { httpStatus }),
        final,
      })
      if (final) return
      await this.#wait(backoffMs * 2 ** (attempt - 1), signal)
    }
  }

  #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    if (waitMs === 0 || signal.aborted) return Promise.resolve()
    return new Promise(resolve => {
      const stop = (): void => {
        cancel()
        resolve()
      }
      const cancel = this.#ports.after(waitMs, () => {
        signal.removeEventListener('abort', stop)
        resolve()
      })
      signal.addEventListener('abort', stop)
    })
  }

  #book(notice: Outgoing, row: Pick<DeliveryRow, 'copy' | 'attempt' | 'outcome' | 'final'> & Partial<DeliveryRow>): void {
    const { eventId, format, settings } = notice
    this.#ports.log.add({ eventId, format, url: settings.url, atMs: this.#ports.wallMs(), ...row })
  }
}

/** No answer, too many requests, too slow, and the listener's own failures pass; other refusals are for good. */
function isWorthRetrying(httpStatus: number): boolean {
  return httpStatus === 0 || httpStatus === 408 || httpStatus === 429 || httpStatus >= 500
}

/** A permutation of the items, never the one they came in. */
function outOfOrder<T>(items: readonly T[], below: (limit: number) => number): T[] {
  const shuffled = [...items]
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = below(i) // below i, not i + 1: Sattolo's shuffle leaves no item in its place
    const [a, b] = [shuffled[i], shuffled[j]]
    if (a !== undefined && b !== undefined) [shuffled[i], shuffled[j]] = [b, a]
  }
  return shuffled
}
