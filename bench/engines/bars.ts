/** What a part of the bench is asked for and hands back. */
export interface BenchWish {
  repetitions: number
  seconds: number
  /** For scripts and files of the tools. */
  folder: string
}

export interface BenchResult {
  runs: unknown
  bars: Bar[]
  /** For people, in Markdown. */
  lines: string[]
}

export interface Bar {
  what: string
  value: number
  atMost: number
  held: boolean
}

/** A bar and the line that says whether it was held. Shares are printed in percent. */
export function bar(what: string, value: number, atMost: number): Bar {
  // A figure that could not be had holds no bar.
  return { what, value, atMost, held: value <= atMost }
}

export function barLine({ what, value, atMost, held }: Bar): string {
  return `${held ? 'held' : 'MISSED'}: ${what}: ${(value * 100).toFixed(1)} % (bar ${(atMost * 100).toFixed(0)} %)`
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** `median (smallest–largest)`. */
export function spread(values: readonly number[], digits: number): string {
  const write = (value: number): string =>
    value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return `${write(median(values))} (${write(Math.min(...values))}–${write(Math.max(...values))})`
}
