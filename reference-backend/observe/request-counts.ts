/** Replies and their times by route. Labels hold method, route and status only: never what a client sent. */
export interface RequestCounts {
  answered(method: string, route: string, status: number, seconds: number): void
  routes(): Iterable<RouteCount>
}

export interface RouteCount {
  method: string
  route: string
  byStatus: ReadonlyMap<number, number>
  /** Replies that took at most BOUNDS_SECONDS[i] and more than the bound before; the last for all slower ones. */
  buckets: readonly number[]
  count: number
  seconds: number
}

/** Upper bounds: a login takes what its carrier takes, from a millisecond to the deadline of three seconds. */
export const BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const

interface Counted extends RouteCount {
  byStatus: Map<number, number>
  buckets: number[]
}

export function requestCounts(): RequestCounts {
  const counts = new Map<string, Counted>()
  const of = (method: string, route: string): Counted => {
    const key = `${method} ${route}`
    const known = counts.get(key)
    if (known !== undefined) return known
    const buckets = Array<number>(BOUNDS_SECONDS.length + 1).fill(0)
    const fresh: Counted = { method, route, byStatus: new Map(), buckets, count: 0, seconds: 0 }
    counts.set(key, fresh)
    return fresh
  }
  return {
    answered: (method, route, status, seconds) => {
      const entry = of(method, route)
      entry.byStatus.set(status, (entry.byStatus.get(status) ?? 0) + 1)
      const bound = BOUNDS_SECONDS.findIndex(limit => seconds <= limit)
      const bucket = bound === -1 ? BOUNDS_SECONDS.length : bound
      entry.buckets[bucket] = (entry.buckets[bucket] ?? 0) + 1
      entry.count++
      entry.seconds += seconds
    },
    routes: () => counts.values(),
  }
}
