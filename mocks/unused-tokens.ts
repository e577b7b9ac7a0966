/** At most this many unused tokens per number in the window, else China Mobile answers 103911 (carriers-cn.md 0.2; assumed for the others). */
export const UNUSED_LIMIT = 30
export const UNUSED_WINDOW_MS = 10 * 60_000

interface Entry {
  tokenIndex: number
  subscriberIndex: number
  issuedAtMs: number
  expiresAtMs: number
  state: 'live' | 'redeemed' | 'expired'
}

/**
 * Follows handset tokens from issue until they are redeemed or too old, so that issued = redeemed + expired + live always holds.
 * Memory follows the tokens of the last minutes, not the subscribers. Load tokens never come here.
 */
export class UnusedTokens {
  issued = 0
  redeemed = 0
  expired = 0
  #live = new Map<number, Entry>()
  /** One queue per lifetime, because only tokens of one lifetime expire in the order of their issue. */
  #byLifetime = new Map<number, Queue>()
  #window = new Queue()
  #unusedByNumber = new Map<number, number>()

  /** Unredeemed tokens of a number within the window, whether still valid or not. */
  unused(subscriberIndex: number, nowMs: number): number {
    this.sweep(nowMs)
    return this.#unusedByNumber.get(subscriberIndex) ?? 0
  }

  add(tokenIndex: number, subscriberIndex: number, issuedAtMs: number, lifetimeMs: number): void {
    const entry: Entry = { tokenIndex, subscriberIndex, issuedAtMs, expiresAtMs: issuedAtMs + lifetimeMs, state: 'live' }
    this.issued++
    this.#live.set(tokenIndex, entry)
    let queue = this.#byLifetime.get(lifetimeMs)
    if (queue === undefined) {
      queue = new Queue()
      this.#byLifetime.set(lifetimeMs, queue)
    }
    queue.push(entry)
    this.#window.push(entry)
    this.#unusedByNumber.set(subscriberIndex, (this.#unusedByNumber.get(subscriberIndex) ?? 0) + 1)
  }

  /** First redemption of a token; later ones of a lenient carrier change nothing here. */
  redeem(tokenIndex: number, nowMs: number): void {
    this.sweep(nowMs)
    const entry = this.#live.get(tokenIndex)
    if (entry === undefined) return
    entry.state = 'redeemed'
    this.#live.delete(tokenIndex)
    this.redeemed++
    if (nowMs - entry.issuedAtMs < UNUSED_WINDOW_MS) this.#forget(entry)
  }

  live(nowMs: number): number {
    this.sweep(nowMs)
    return this.#live.size
  }

  sweep(nowMs: number): void {
    for (const queue of this.#byLifetime.values()) {
      for (let head = queue.head(); head !== undefined && head.expiresAtMs <= nowMs; head = queue.head()) {
        queue.drop()
        if (head.state !== 'live') continue
        head.state = 'expired'
        this.#live.delete(head.tokenIndex)
        this.expired++
      }
    }
    for (
      let head = this.#window.head();
      head !== undefined && nowMs - head.issuedAtMs >= UNUSED_WINDOW_MS;
      head = this.#window.head()
    ) {
      this.#window.drop()
      if (head.state !== 'redeemed') this.#forget(head)
    }
  }

  #forget(entry: Entry): void {
    const left = (this.#unusedByNumber.get(entry.subscriberIndex) ?? 1) - 1
    if (left > 0) this.#unusedByNumber.set(entry.subscriberIndex, left)
    else this.#unusedByNumber.delete(entry.subscriberIndex)
  }
}

/** First in, first out, in constant time; the array is cut when half of it is spent. */
class Queue {
  #items: Entry[] = []
  #start = 0

  push(entry: Entry): void {
    this.#items.push(entry)
  }

  head(): Entry | undefined {
    return this.#items[this.#start]
  }

  drop(): void {
    this.#start++
    if (this.#start > 1024 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start)
      this.#start = 0
    }
  }
}
