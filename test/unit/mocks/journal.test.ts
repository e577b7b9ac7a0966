import { expect, it } from 'vitest'
import { Journal, LOAD_RING_SIZE, OTHER_RING_SIZE } from '../../../mocks/journal.ts'
import { quantile } from '../../../src/contract/histogram.ts'
import type { JournalRow } from '../../../src/contract/journal.ts'

function book(journal: Journal, change: Partial<JournalRow> = {}, answered = true): void {
  journal.arrived()
  const row: JournalRow = {
    seq: 0,
    arrivedAtMs: 1,
    provider: 'china-mobile',
    operation: 'loginTokenValidate',
    token: 't',
    tokenKind: 'handset',
    appId: 'a',
    signature: 'ok',
    httpStatus: 200,
    resultCode: '103000',
    redeemed: true,
    billed: true,
    intendedUs: 20_000,
    actualUs: 20_100,
    ...change,
  }
  journal.record(row, answered)
}

it('rows are found by token byte for byte and by number, the oldest first', () => {
  const journal = new Journal()
  book(journal, { token: 'a', tokenKind: 'load' })
  book(journal, { token: 'A' })
  book(journal, { token: 'a' })
  expect(journal.query({ tokens: ['a'] }).rows.map(row => row.seq)).toEqual([1, 3])
  expect(journal.query({ sinceSeq: 2 }).rows.map(row => row.seq)).toEqual([2, 3])
  expect(journal.query({ tokens: [] })).toMatchObject({ rows: [], nextSeq: 4 })
})

it('a limited query goes on where it stopped', () => {
  const journal = new Journal()
  for (let i = 0; i < 5; i++) book(journal)
  const first = journal.query({ limit: 2 })
  expect(first).toMatchObject({ nextSeq: 3 })
  expect(journal.query({ sinceSeq: first.nextSeq, limit: 3 })).toMatchObject({
    rows: [{ seq: 3 }, { seq: 4 }, { seq: 5 }],
    nextSeq: 6,
  })
})

it('load pushes out load only, and each ring says from where on it is whole', () => {
  const journal = new Journal()
  book(journal, { token: 'mine' })
  for (let i = 0; i < LOAD_RING_SIZE + 3; i++) book(journal, { tokenKind: 'load' })
  expect(journal.query({ tokens: ['mine'] })).toMatchObject({ rows: [{ seq: 1 }], oldestSeq: 1, oldestLoadSeq: 5 })
  for (let i = 0; i < OTHER_RING_SIZE; i++) book(journal, { tokenKind: 'unknown' })
  expect(journal.query({ tokens: ['mine'] })).toMatchObject({ rows: [], oldestSeq: 2 })
})

it('sums count every call, and delays only of calls that were answered', () => {
  const journal = new Journal()
  book(journal)
  book(journal, { redeemed: false, billed: false, resultCode: '104201' })
  book(journal, { redeemed: false, billed: false, resultCode: '', httpStatus: 503, fault: 'error-rate' })
  book(journal, { redeemed: false, billed: false, resultCode: '', httpStatus: 0, fault: 'hang', actualUs: 9e6 }, false)
  const totals = journal.totals()
  expect(totals).toMatchObject({ calls: 4, redeemed: 1, billed: 1, faults: { 'error-rate': 1, hang: 1 } })
  expect(totals.byResult).toEqual({
    'china-mobile/103000': 1,
    'china-mobile/104201': 1,
    'china-mobile/http-503': 1,
    'china-mobile/no-answer': 1,
  })
  expect(totals.delayErrorMs.count).toBe(3)
  expect(quantile(totals.delayErrorMs, 0.5)).toBeCloseTo(0.1, 2)
  expect(quantile(totals.intendedMs, 0.5)).toBeCloseTo(20, 0)
})

it('a reset forgets rows and sums and numbers on', () => {
  const journal = new Journal()
  book(journal)
  journal.arrived()
  journal.reset()
  expect(journal.query({})).toMatchObject({ rows: [], oldestSeq: 2, nextSeq: 2, pending: 1 })
  expect(journal.totals()).toMatchObject({ calls: 0, byResult: {} })
})
