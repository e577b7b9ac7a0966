import type { EphemeralStore } from './ephemeral.ts'

interface Entry {
  value: string
  expiresAtMs: number
}

const SWEEP_EVERY_MS = 1000

/**
 * Values in memory of this process, for one instance only and gone with it. Each method body runs without giving way, which is
 * what makes it atomic.
 */
export class EmbeddedEphemeralStore implements EphemeralStore {
  readonly #entries = new Map<string, Entry>()
  /** Keys by the second in which they end: sweeping looks only at what is due, so a million live nonces cause no pause. */
  readonly #due = new Map<number, string[]>()
  readonly #nowMs: () => number
  readonly #sweeper: NodeJS.Timeout
  #sweptUntil: number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
    this.#sweptUntil = secondOf(nowMs())
    this.#sweeper = setInterval(() => this.sweep(), SWEEP_EVERY_MS)
    this.#sweeper.unref()
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    this.#write(key, value, ttlMs)
  }

  async putIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.#live(key) !== undefined) return false
    this.#write(key, value, ttlMs)
    return true
  }

  async get(key: string): Promise<string | undefined> {
    return this.#live(key)?.value
  }

  async getAll(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return keys.map(key => this.#live(key)?.value)
  }

  async hasAny(keys: readonly string[]): Promise<boolean> {
    return keys.some(key => this.#live(key) !== undefined)
  }

  async take(key: string): Promise<string | undefined> {
    const entry = this.#live(key)
    this.#entries.delete(key)
    return entry?.value
  }

  async takeIf(key: string, value: string): Promise<boolean> {
    return this.#live(key)?.value === value && this.#entries.delete(key)
  }

  async bump(key: string, ttlMs: number, by = 1): Promise<number> {
    const entry = this.#live(key)
    if (entry === undefined) {
      this.#write(key, String(by), ttlMs)
      return by
    }
    const sum = Number(entry.value) + by
    entry.value = String(sum)
    return sum
  }

  async drop(key: string): Promise<void> {
    this.#entries.delete(key)
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper)
    this.#entries.clear()
    this.#due.clear()
  }

  /** Forgets what has ended. Runs once a second by itself. */
  sweep(): void {
    const now = secondOf(this.#nowMs())
    for (let second = this.#sweptUntil; second < now; second++) {
      for (const key of this.#due.get(second) ?? []) this.#live(key)
      this.#due.delete(second)
    }
    this.#sweptUntil = Math.max(this.#sweptUntil, now)
  }

  /** Entries held, ended ones not yet swept included. */
  get size(): number {
    return this.#entries.size
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.expiresAtMs > this.#nowMs()) return entry
    this.#entries.delete(key)
    return undefined
  }

  #write(key: string, value: string, ttlMs: number): void {
    const expiresAtMs = this.#nowMs() + ttlMs
    this.#entries.set(key, { value, expiresAtMs })
    const second = secondOf(expiresAtMs)
    const keys = this.#due.get(second)
    if (keys === undefined) this.#due.set(second, [key])
    else keys.push(key)
  }
}

function secondOf(timeMs: number): number {
  return Math.floor(timeMs / 1000)
}
