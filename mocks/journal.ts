import type { JournalRow, JournalTotals } from '../src/contract/journal.ts'
import { HistogramCounts } from './histogram-counts.ts'
import { differences, type JournalFilter } from './journal-filter.ts'
import { Traffic } from './traffic.ts'

/** Load fills its ring in a moment, so what attacks did is kept in a ring of its own. */
export const LOAD_RING_SIZE = 1_000
export const OTHER_RING_SIZE = 20_000

const DEFAULT_LIMIT = 1_000

export interface JournalQuery extends JournalFilter {
  /** Only rows with this number or a higher one; give the `nextSeq` of the last answer to go on. */
  sinceSeq?: number
  /** At most this many, the oldest first. */
  limit?: number
  /** The last ones in place of the first, when there are more than `limit`. */
  newest?: boolean
}

export interface JournalPage {
  rows: JournalRow[]
  /** Every row from here on that is not of load is still kept: a caller that asked from further back missed rows. */
  oldestSeq: number
  /** The same for rows of load. */
  oldestLoadSeq: number
  /** Where to go on. */
  nextSeq: number
  /** Calls that arrived and have no row yet, because they are not answered. */
  pending: number
}

/** The providers' calls: the last ones in full, all of them in sums. Memory is bounded. */
export class Journal {
  readonly traffic = new Traffic()
  #seq = 0
  #load = new Ring(LOAD_RING_SIZE, 1)
  #other = new Ring(OTHER_RING_SIZE, 1)
  #sums = newSums()
  #pending = 0

  /** A call arrived; `record` must follow once. */
  arrived(): void {
    this.#pending++
  }

  /** Books a call and numbers its row. `answered` is false when the connection was cut instead. `loadIndex`: of a load token. */
  record(row: JournalRow, answered: boolean, loadIndex?: number): void {
    this.#pending--
    row.seq = ++this.#seq
    const ring = row.tokenKind === 'load' ? this.#load : this.#other
    ring.push(row)
    this.traffic.called(row.provider, row.redeemed, loadIndex)
    const sums = this.#sums
    sums.calls++
    if (row.redeemed) sums.redeemed++
    if (row.billed) sums.billed++
    count(sums.byResult, row.provider, resultOf(row, answered))
    if (row.fault !== undefined) {
      for (const id of [row.fault, ...(row.otherFaults ?? [])]) sums.faults[id] = (sums.faults[id] ?? 0) + 1
    }
    if (!answered) return
    sums.delayErrorMs.add((row.actualUs - row.intendedUs) / 1000)
    sums.intendedMs.add(row.intendedUs / 1000)
  }

  query(query: JournalQuery): JournalPage {
    const { sinceSeq = 0, limit = DEFAULT_LIMIT, newest = false, ...filter } = query
    const differ = differences(filter)
    const found = this.rows().filter(row => row.seq >= sinceSeq && differ(row).length === 0)
    const rows = newest ? found.slice(-limit) : found.slice(0, limit)
    const last = newest ? undefined : rows.at(-1)
    return {
      rows,
      oldestSeq: this.#other.oldestSeq,
      oldestLoadSeq: this.#load.oldestSeq,
      nextSeq: last !== undefined && rows.length < found.length ? last.seq + 1 : this.#seq + 1,
      pending: this.#pending,
    }
  }

  /** Everything that is kept, the oldest first. */
  rows(): JournalRow[] {
    return [...this.#load.rows(), ...this.#other.rows()].sort((a, b) => a.seq - b.seq)
  }

  get pending(): number {
    return this.#pending
  }

  /** Whether rows of this kind (of any, when it is left open) were forgotten since the last reset. */
  forgot(kind?: JournalRow['tokenKind']): boolean {
    const rings = kind === undefined ? [this.#load, this.#other] : [kind === 'load' ? this.#load : this.#other]
    return rings.some(ring => ring.forgot)
  }

  totals(): JournalTotals {
    const { calls, redeemed, billed, byResult, faults, delayErrorMs, intendedMs } = this.#sums
    return {
      calls,
      redeemed,
      billed,
      byResult: flatten(byResult),
      faults: { ...faults },
      delayErrorMs: delayErrorMs.histogram(),
      intendedMs: intendedMs.histogram(),
      traffic: this.traffic.byProvider(),
      loopDelayMs: this.traffic.loopDelay(),
    }
  }

  /** Forgets rows and sums. Numbers go on, so that a caller's `sinceSeq` stays true. */
  reset(): void {
    this.#load = new Ring(LOAD_RING_SIZE, this.#seq + 1)
    this.#other = new Ring(OTHER_RING_SIZE, this.#seq + 1)
    this.#sums = newSums()
    this.traffic.reset()
  }
}

/** Key of `byResult` after the provider: the result code, or what came instead of one. */
function resultOf(row: JournalRow, answered: boolean): string {
  if (!answered) return 'no-answer'
  return row.resultCode === '' ? `http-${row.httpStatus}` : row.resultCode
}

class Ring {
  /** Nothing from this number on was forgotten. */
  oldestSeq: number
  readonly #size: number
  readonly #firstSeq: number
  readonly #rows: JournalRow[] = []
  #next = 0

  constructor(size: number, firstSeq: number) {
    this.#size = size
    this.#firstSeq = firstSeq
    this.oldestSeq = firstSeq
  }

  push(row: JournalRow): void {
    const forgotten = this.#rows[this.#next]
    if (forgotten !== undefined) this.oldestSeq = forgotten.seq + 1
    this.#rows[this.#next] = row
    this.#next = (this.#next + 1) % this.#size
  }

  rows(): readonly JournalRow[] {
    return this.#rows
  }

  get forgot(): boolean {
    return this.oldestSeq > this.#firstSeq
  }
}

interface Sums {
  calls: number
  redeemed: number
  billed: number
  byResult: Map<string, Map<string, number>>
  faults: Record<string, number>
  delayErrorMs: HistogramCounts
  intendedMs: HistogramCounts
}

function newSums(): Sums {
  return {
    calls: 0,
    redeemed: 0,
    billed: 0,
    byResult: new Map(),
    faults: {},
    delayErrorMs: new HistogramCounts(),
    intendedMs: new HistogramCounts(),
  }
}

function count(sums: Map<string, Map<string, number>>, outer: string, inner: string): void {
  let counts = sums.get(outer)
  if (counts === undefined) {
    counts = new Map()
    sums.set(outer, counts)
  }
  counts.set(inner, (counts.get(inner) ?? 0) + 1)
}

function flatten(sums: ReadonlyMap<string, ReadonlyMap<string, number>>): Record<string, number> {
  const flat: Record<string, number> = {}
  for (const [outer, counts] of sums) for (const [inner, n] of counts) flat[`${outer}/${inner}`] = n
  return flat
}
