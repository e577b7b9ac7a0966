import { InvalidArgumentError } from 'commander'
import { SEVERITIES, type Severity } from '../contract/attack.ts'
import { atLeast } from '../contract/severity.ts'
import { CEILINGS } from '../contract/shape.ts'

/** Parsers of flag values. They throw what commander turns into a sentence and exit code 2. */

/** Plain decimals only: `0x10`, `1e9` and the empty text would pass as numbers otherwise. */
const DECIMAL = /^\d+(?:\.\d+)?$/

export function positive(limit: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!DECIMAL.test(text) || value <= 0 || value > limit)
      throw new InvalidArgumentError(`a number above 0 and up to ${limit} is wanted.`)
    return value
  }
}

export function wholeNumber(least: number, limit: number): (text: string) => number {
  return text => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > limit)
      throw new InvalidArgumentError(`a whole number from ${least} to ${limit} is wanted.`)
    return value
  }
}

/** `3%` or `3`: a share of one, 0.03. Limits in percent. */
export function percent(least: number, most: number): (text: string) => number {
  return text => {
    const number = text.replace(/%$/, '')
    const value = Number(number)
    if (!DECIMAL.test(number) || value < least || value > most)
      throw new InvalidArgumentError(`a percentage from ${least} to ${most} is wanted.`)
    return value / 100
  }
}

/** Several numbers above 0, joined by commas. */
export function numbers(limit: number): (text: string) => number[] {
  const one = positive(limit)
  return text => text.split(',').map(part => one(part.trim()))
}

/** 0 to 1. */
export function share(text: string): number {
  const value = Number(text)
  if (!DECIMAL.test(text) || value > 1) throw new InvalidArgumentError('a share from 0 to 1 is wanted.')
  return value
}

export function oneOf<const T extends readonly string[]>(words: T): (text: string) => T[number] {
  return text => {
    if (!words.includes(text)) throw new InvalidArgumentError(`one of ${words.join(', ')} is wanted.`)
    return text
  }
}

/** Several words, each on its own or joined by commas; commander hands in one after the other. */
export function someOf<const T extends readonly string[]>(words: T): (text: string, before?: T[number][]) => T[number][] {
  const one = oneOf(words)
  return (text, before = []) => [...before, ...text.split(',').map(one)]
}

/** Words joined by commas, whatever they are; the command says which it knows. */
export function words(text: string, before: readonly string[] = []): string[] {
  return [
    ...before,
    ...text
      .split(',')
      .map(word => word.trim())
      .filter(word => word !== ''),
  ]
}

const severity = oneOf(SEVERITIES)

/** `high,critical`, or `>=high`: that and worse. Given twice, both hold; each severity once, worst first. */
export function severities(text: string, before: readonly Severity[] = []): Severity[] {
  const bar = /^>=\s*(.*)$/.exec(text.trim())?.[1]
  const named = bar === undefined ? text.split(',').map(word => severity(word.trim())) : worseOrAs(severity(bar.trim()))
  return SEVERITIES.filter(one => before.includes(one) || named.includes(one))
}

function worseOrAs(bar: Severity): Severity[] {
  return SEVERITIES.filter(one => atLeast(one, bar))
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `20s`, `1.5m`, `500ms` as milliseconds; from one second to the ceiling. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  const value = Number(match?.[1]) * (UNITS_MS[match?.[2] ?? ''] ?? Number.NaN)
  if (!Number.isFinite(value) || value < 1000 || value > CEILINGS.durationMs)
    throw new InvalidArgumentError('a time from 1s to 1h is wanted, for instance 20s or 2m.')
  return value
}
