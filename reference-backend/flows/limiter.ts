import { isIPv6 } from 'node:net'
import type { Count } from '../controls/limit-counting.ts'
import type { Limit, LimitName, Limits } from '../limits.ts'
import { Refusal } from '../refusal.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'

/** Counts what is bounded. */
export interface Limiter {
  /** Counts one. Throws 429 with Retry-After when it is one too many. */
  take(name: LimitName, key: string): Promise<void>
  /** Counts one back: what was taken was not used up. */
  giveBack(name: LimitName, key: string): Promise<void>
  /** Throws as `take` would for the next, and counts nothing. A burst may pass it together; for what costs little. */
  check(name: LimitName, key: string): Promise<void>
  /** Counts one and never throws: the price is paid afterwards. */
  note(name: LimitName, key: string): Promise<void>
}

export function limiter(limits: Limits, store: EphemeralStore, count: Count): Limiter {
  return {
    take: async (name, key) => {
      const limit = limits[name]
      if ((await count(storeKey(name, key), limit.windowMs)) > limit.most) throw tooMany(limit)
    },
    giveBack: async (name, key) => {
      await store.bump(storeKey(name, key), limits[name].windowMs, -1)
    },
    check: async (name, key) => {
      const limit = limits[name]
      if (Number((await store.get(storeKey(name, key))) ?? 0) >= limit.most) throw tooMany(limit)
    },
    note: async (name, key) => {
      await count(storeKey(name, key), limits[name].windowMs)
    },
  }
}

/** When exactly the window ends is nobody's business; after a whole one it has. */
function tooMany({ windowMs }: Limit): Refusal {
  return new Refusal(429, 'RATE_LIMITED', 'Too many. Try again later.', Math.ceil(windowMs / 1000))
}

function storeKey(name: LimitName, key: string): string {
  return `limit:${name}:${key}`
}

/** Whom a source's budget belongs to: an IPv6 household has 2^64 addresses, so its network counts. */
export function sourceOf(ip: string): string {
  if (!isIPv6(ip)) return ip
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  return v4 ?? expanded(ip).slice(0, 4).join(':')
}

function expanded(ip: string): string[] {
  const [head = '', tail = ''] = ip.split('%')[0]?.split('::') ?? []
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  return [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after]
}
