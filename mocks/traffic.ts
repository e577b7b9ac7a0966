import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { LoadTokens, LoopDelay, ProviderTraffic } from '../src/contract/journal.ts'
import type { ProviderId } from '../src/contract/providers.ts'
import { SpentMarks } from './spent-marks.ts'

/** How often the loop is looked at. */
const LOOP_RESOLUTION_MS = 5

/** Indices named at most in one answer about load tokens. */
const NAMED_AT_MOST = 2000

/** What the backend's side of the wire looked like since the last reset: connections it opened, calls it gave up, tokens it brought again. */
export class Traffic {
  #byProvider = new Map<ProviderId, ProviderTraffic>()
  #seen = new SpentMarks()
  #redeemed = new SpentMarks()
  readonly #loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })

  constructor() {
    this.#loop.enable()
  }

  /** A connection was opened to a provider, by whomever. */
  connected(provider: ProviderId): void {
    this.#of(provider).connections++
  }

  /** It was a phone's after all: no backend opened it. */
  wasPhone(provider: ProviderId): void {
    this.#of(provider).connections--
  }

  /** The caller was gone when its answer was due. */
  abandoned(provider: ProviderId): void {
    this.#of(provider).abandoned++
  }

  /** `loadIndex`: of a load token. */
  called(provider: ProviderId, redeemed: boolean, loadIndex: number | undefined): void {
    const traffic = this.#of(provider)
    traffic.calls++
    if (loadIndex === undefined) return
    if (!this.#seen.add(loadIndex)) traffic.repeated++
    if (redeemed) this.#redeemed.add(loadIndex)
  }

  byProvider(): Partial<Record<ProviderId, ProviderTraffic>> {
    return Object.fromEntries([...this.#byProvider].map(([provider, traffic]) => [provider, { ...traffic }]))
  }

  /** How late this process's event loop was: above what its sampling waits for anyway. */
  loopDelay(): LoopDelay {
    const ms = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - LOOP_RESOLUTION_MS)
    if (this.#loop.count === 0) return { p50: 0, p99: 0, max: 0 }
    return { p50: ms(this.#loop.percentile(50)), p99: ms(this.#loop.percentile(99)), max: ms(this.#loop.max) }
  }

  /** Which load tokens of a range gave out no number. */
  loadTokens(from: number, to: number): LoadTokens {
    const found: LoadTokens = { from, to, called: 0, redeemed: 0, unredeemed: [], unnamed: 0 }
    for (let index = from; index < to; index++) {
      if (this.#seen.has(index)) found.called++
      if (this.#redeemed.has(index)) found.redeemed++
      else if (found.unredeemed.length < NAMED_AT_MOST) found.unredeemed.push(index)
      else found.unnamed++
    }
    return found
  }

  reset(): void {
    this.#byProvider = new Map()
    this.#seen = new SpentMarks()
    this.#redeemed = new SpentMarks()
    this.#loop.reset()
  }

  #of(provider: ProviderId): ProviderTraffic {
    let traffic = this.#byProvider.get(provider)
    if (traffic === undefined) {
      traffic = { calls: 0, repeated: 0, connections: 0, abandoned: 0 }
      this.#byProvider.set(provider, traffic)
    }
    return traffic
  }
}
