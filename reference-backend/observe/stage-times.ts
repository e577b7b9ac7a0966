/** The stages of a one-tap login, its nonce included, in their order. */
export const STAGES = [
  /** A nonce is made and stored. */
  'nonce',
  /** The request is read. */
  'shape',
  /** The nonce is taken back. */
  'take',
  /** The carrier token is marked as spent. */
  'mark',
  /** The carrier is asked. */
  'carrier',
  /** The account is found or made. */
  'account',
  /** The session is begun, its tokens are made. */
  'token',
] as const
export type Stage = (typeof STAGES)[number]

export interface StageTotal {
  count: number
  seconds: number
}

/** How long logins spent in each stage: from a stage's call to its end, waiting for others' turns included. */
export interface StageTimes {
  /** A function that does the same and is timed; the very same function when timing is off. */
  timed<Args extends unknown[], Result>(stage: Stage, run: (...args: Args) => Result): (...args: Args) => Result
  /** Undefined when timing is off. */
  totals: ReadonlyMap<Stage, StageTotal> | undefined
}

export function stageTimes(on: boolean): StageTimes {
  if (!on) return { timed: (_stage, run) => run, totals: undefined }
  const totals = new Map<Stage, StageTotal>(STAGES.map(stage => [stage, { count: 0, seconds: 0 }]))
  const note = (stage: Stage, sinceMs: number): void => {
    const total = totals.get(stage)
    if (total === undefined) return
    total.count++
    total.seconds += (performance.now() - sinceMs) / 1000
  }
  return {
    totals,
    timed:
      (stage, run) =>
      (...args) => {
        const sinceMs = performance.now()
        const result = run(...args)
        if (result instanceof Promise) {
          // Failures are timed too, and stay the caller's.
          const noted = (): void => note(stage, sinceMs)
          result.then(noted, noted)
        } else note(stage, sinceMs)
        return result
      },
  }
}
