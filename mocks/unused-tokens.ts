/** At most this many unused tokens per number in the window, else China Mobile answers 103911 ([S1]; assumed for the others). */
export const UNUSED_LIMIT = 30
export const UNUSED_WINDOW_MS = 10 * 60_000

/** A handset token as it is followed. */
export interface FollowedToken {
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
  #live = new Map<number, FollowedToken>()
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
    const entry: FollowedToken = { tokenIndex, subscriberIndex, issuedAtMs, expiresAtMs: issuedAtMs + lifetimeMs, state: 'live' }
    this.issued++
    this.#live.set(tokenIndex, entry)
    this.#queue(lifetimeMs).push(entry)
    this.#window.push(entry)
    this.#countUnused(entry)
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

  snapshot(): UnusedTokensSnapshot {
    const entries = new Map<FollowedToken, UnusedTokensSnapshot['entries'][number]>()
    const entryOf = (token: FollowedToken): UnusedTokensSnapshot['entries'][number] => {
      const lifetimeMs = token.expiresAtMs - token.issuedAtMs
      const entry = entries.get(token) ?? { token: { ...token }, lifetimeMs, waitsToExpire: false, inWindow: false }
      entries.set(token, entry)
      return entry
    }
    for (const queue of this.#byLifetime.values()) for (const token of queue.items()) entryOf(token).waitsToExpire = true
    for (const token of this.#window.items()) entryOf(token).inWindow = true
    const { issued, redeemed, expired } = this
    const inOrder = [...entries.values()].sort((a, b) => a.token.tokenIndex - b.token.tokenIndex)
    return { issued, redeemed, expired, entries: inOrder }
  }

  static restored(snapshot: UnusedTokensSnapshot): UnusedTokens {
    const tokens = new UnusedTokens()
    tokens.issued = snapshot.issued
    tokens.redeemed = snapshot.redeemed
    tokens.expired = snapshot.expired
    for (const { token: kept, lifetimeMs, waitsToExpire, inWindow } of snapshot.entries) {
      const token = { ...kept }
      if (token.state === 'live') tokens.#live.set(token.tokenIndex, token)
      if (waitsToExpire) tokens.#queue(lifetimeMs).push(token)
      if (!inWindow) continue
      tokens.#window.push(token)
      if (token.state !== 'redeemed') tokens.#countUnused(token)
    }
    return tokens
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

  #queue(lifetimeMs: number): Queue {
    const queue = this.#byLifetime.get(lifetimeMs) ?? new Queue()
    this.#byLifetime.set(lifetimeMs, queue)
    return queue
  }

  #countUnused({ subscriberIndex }: FollowedToken): void {
    this.#unusedByNumber.set(subscriberIndex, (this.#unusedByNumber.get(subscriberIndex) ?? 0) + 1)
  }

  #forget(entry: FollowedToken): void {
    const left = (this.#unusedByNumber.get(entry.subscriberIndex) ?? 1) - 1
    if (left > 0) this.#unusedByNumber.set(entry.subscriberIndex, left)
    else this.#unusedByNumber.delete(entry.subscriberIndex)
  }
}

/** What UnusedTokens knows, as plain data; entries in the order of their issue. */
export interface UnusedTokensSnapshot {
  issued: number
  redeemed: number
  expired: number
  entries: { token: FollowedToken; lifetimeMs: number; waitsToExpire: boolean; inWindow: boolean }[]
}

/** First in, first out, in constant time; the array is cut when half of it is spent. */
class Queue {
  #items: FollowedToken[] = []
  #start = 0

  push(entry: FollowedToken): void {
    this.#items.push(entry)
  }

  head(): FollowedToken | undefined {
    return this.#items[this.#start]
  }

  items(): readonly FollowedToken[] {
    return this.#items.slice(this.#start)
  }

  drop(): void {
    this.#start++
    if (this.#start > 1024 && this.#start * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#start)
      this.#start = 0
    }
  }
}
