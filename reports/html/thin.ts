import type { LoadResult } from '../../src/contract/result.ts'

/** Columns of a load with fewer, wider slots. `secondsPerSlot` 1 = as measured. */
export interface Slots {
  secondsPerSlot: number
  /** First second of each slot. */
  start: number[]
  columns: Omit<LoadResult['seconds'], 'stepMs' | 'second'>
}

/** More points than this are not told apart on a page and would make it heavy. */
const MOST_SLOTS = 400

/**
 * Makes a long load fit the page. Percentiles are never averaged: a slot shows its worst second. Counts are summed and given per
 * second, which adds up.
 */
export function slotsOf(seconds: LoadResult['seconds']): Slots {
  const { stepMs: _, second, ...columns } = seconds
  const size = Math.max(1, Math.ceil(second.length / MOST_SLOTS))
  const start = second.filter((_second, i) => i % size === 0)
  const perSecond = (column: readonly number[]): number[] =>
    slices(column, size).map(part => part.reduce((sum, n) => sum + n, 0) / part.length)
  const worst = (column: readonly (number | null)[]): (number | null)[] =>
    slices(column, size).map(part => part.reduce((most, n) => (n === null ? most : Math.max(most ?? n, n)), null))
  return {
    secondsPerSlot: size,
    start,
    columns: {
      granted: perSecond(columns.granted),
      refused: perSecond(columns.refused),
      failed: perSecond(columns.failed),
      carrierFailed: perSecond(columns.carrierFailed),
      loginP50Ms: worst(columns.loginP50Ms),
      loginP95Ms: worst(columns.loginP95Ms),
      loginP99Ms: worst(columns.loginP99Ms),
      addedP50Ms: worst(columns.addedP50Ms),
      addedP95Ms: worst(columns.addedP95Ms),
      addedP99Ms: worst(columns.addedP99Ms),
    },
  }
}

/** Said where a page shows slots instead of seconds. */
export function slotNote(slots: Slots): string | undefined {
  return slots.secondsPerSlot === 1
    ? undefined
    : `Each row stands for ${slots.secondsPerSlot} seconds, so that the page stays light: percentiles are those of its worst second, counts are per second. result.json holds every second.`
}

function slices<T>(column: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let i = 0; i < column.length; i += size) parts.push(column.slice(i, i + size))
  return parts
}
