import { describe, expect, it } from 'vitest'
import type { LoadTokens } from '../../../src/contract/journal.ts'
import { reconcile } from '../../../src/judge/reconciliation.ts'
import { loadOf, totalOf } from './evidence-builder.ts'

const totals = [totalOf('oneTap', 'granted', 1997), totalOf('oneTap', 'failed', 3)]
const tokens = (change: Partial<LoadTokens> = {}): LoadTokens => ({
  from: 1000,
  to: 3000,
  called: 2000,
  redeemed: 1999,
  unredeemed: [1005],
  unnamed: 0,
  ...change,
})

describe('the books of client and carriers', () => {
  it('name the visits whose number was given out and who were not let in', () => {
    const found = reconcile(loadOf({ totals, notGranted: [5, 9, 12] }), tokens())
    expect(found).toMatchObject({
      exchanges: 2000,
      granted: 1997,
      confirmedNotLetIn: { count: 2, visits: [9, 12] },
      letInUnconfirmed: { count: 0, visits: [] },
    })
  })

  it('name a visit that was let in although no carrier knows of it', () => {
    const found = reconcile(loadOf({ totals, notGranted: [5, 9, 12] }), tokens({ unredeemed: [1005, 1009, 1012, 1777] }))
    expect(found?.letInUnconfirmed).toEqual({ count: 1, visits: [777] })
  })

  it('still count what they cannot name', () => {
    const found = reconcile(loadOf({ totals, notGranted: [5] }), tokens({ redeemed: 1990 }))
    expect(found?.letInUnconfirmed).toEqual({ count: 7, visits: [] })
  })

  it('are not joined where a visit need not bring a token', () => {
    expect(reconcile(loadOf({ totals, logins: ['oneTap', 'passwordLogin'] }), tokens())).toBeUndefined()
    expect(reconcile(loadOf({ totals }), undefined)).toBeUndefined()
  })
})
