import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../../.onetap/bench/', import.meta.url))

/** Parts of the bench, each with a file of figures of its own. */
export type BenchPart = 'ceilings' | 'providers' | 'delays' | 'memory' | 'soak'

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Keeps a part's figures in .onetap/bench. */
export function writeFigures(part: BenchPart, figures: object): void {
  mkdirSync(FOLDER, { recursive: true })
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(`${FOLDER}mocks-${part}.json`, `${JSON.stringify({ part, date, ...figures }, null, 2)}\n`)
}

/** A bar held, missed, or (`undefined`) not to be judged on these figures. */
export interface Verdict {
  what: string
  value: string
  bar: string
  held: boolean | undefined
}

/** Says a verdict aloud; one that is not held makes the bench exit with 1. */
export function verdict(what: string, value: string, bar: string, held: boolean | undefined): Verdict {
  say(`${VERDICTS[String(held) as keyof typeof VERDICTS]}: ${what} ${value}, bar ${bar}`)
  if (held !== true) process.exitCode = 1
  return { what, value, bar, held }
}

const VERDICTS = { true: 'held', false: 'MISSED', undefined: 'INCONCLUSIVE' } as const

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

export function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
