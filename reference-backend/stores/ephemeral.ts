/**
 * Short-lived values: nonces, spent marks, sessions. What must be atomic is part of the interface, because a store that offers
 * only get and set would force check-then-act into every flow.
 * Keys and values are text; lives are milliseconds, whole and above 0. Methods throw the store's own error when it is unreachable.
 */
export interface EphemeralStore {
  /** Writes the value, replacing any. */
  put(key: string, value: string, ttlMs: number): Promise<void>
  /** Writes the value unless the key is there. True for the one caller who wrote. */
  putIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>
  get(key: string): Promise<string | undefined>
  /** The values of the keys, in their order, in one round trip. */
  getAll(keys: readonly string[]): Promise<readonly (string | undefined)[]>
  /** True when at least one of the keys is there. */
  hasAny(keys: readonly string[]): Promise<boolean>
  /** Removes the key and returns its value, in one step: of many callers at once, one gets it. */
  take(key: string): Promise<string | undefined>
  /** Removes the key if it holds this value, in one step. True for the one caller who removed it. */
  takeIf(key: string, value: string): Promise<boolean>
  /** Adds `by` (default 1) and returns the sum; the life runs from the first bump and is not prolonged by later ones. */
  bump(key: string, ttlMs: number, by?: number): Promise<number>
  drop(key: string): Promise<void>
  close(): Promise<void>
}
