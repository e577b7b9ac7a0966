import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FAULT_IDS, type FaultAct, type FaultId, type FaultRule, type FaultScope } from '../../../src/contract/fault.ts'
import type { JournalRow } from '../../../src/contract/journal.ts'
import { mobileLogin } from './backend-side.ts'
import { keptConnection, rawRequest } from './raw-client.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

/** Each fault at its mildest: whether a rule strikes is the question here, not how. */
const ACTS: { readonly [Id in FaultId]: Extract<FaultAct, { id: Id }> } = {
  'error-rate': { id: 'error-rate', answer: 'http' },
  throttle: { id: 'throttle', ratePerSecond: 0 },
  'ip-refused': { id: 'ip-refused' },
  redirect: { id: 'redirect', status: 302 },
  'other-subscriber': { id: 'other-subscriber' },
  'clock-skew': { id: 'clock-skew', skewMs: 3_600_000 },
  'wrong-echo': { id: 'wrong-echo' },
  mislabelled: { id: 'mislabelled', status: 500 },
  malformed: { id: 'malformed' },
  'wrong-content-type': { id: 'wrong-content-type', contentType: 'text/html' },
  hang: { id: 'hang', holdMs: 20 },
  reset: { id: 'reset' },
  'half-close': { id: 'half-close' },
  'slow-body': { id: 'slow-body', overMs: 10, chunks: 2 },
  truncated: { id: 'truncated', keepShare: 0.5 },
  'duplicate-answer': { id: 'duplicate-answer' },
  'late-answer': { id: 'late-answer', lateMs: 5 },
}

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ carriers: ['china-mobile'] })
})
afterAll(() => mocks.close())
beforeEach(async () => {
  await mocks.control('POST', '/reset')
})

/** Calls once with a fresh token and says which faults the journal has for it. */
async function struckBy(): Promise<(FaultId | undefined)[]> {
  const { token } = await mocks.token(await mocks.fresh('china-mobile'))
  const body = JSON.stringify(mobileLogin(mocks.ready.environment, token))
  const request = { headers: { 'content-type': 'application/json' }, body }
  const used = keptConnection()
  const gone = await rawRequest(`${mocks.url('china-mobile')}/unisdk/rsapi/loginTokenValidate`, request, used).catch(
    () => undefined,
  )
  used.destroy()
  // A call that gets no answer is booked when its connection is done with, which may be a moment after the caller knows.
  for (let rows: JournalRow[] = []; ; ) {
    rows = await mocks.rows(token)
    if (rows.length > 0) return rows.map(row => row.fault)
    if (gone !== undefined) throw new Error('answered and not booked')
  }
}

describe.each(FAULT_IDS)('%s', id => {
  const under = async (scope: Partial<FaultScope>): Promise<(FaultId | undefined)[]> => {
    await mocks.behave({ faults: [{ ...ACTS[id], share: 1, ...scope } as FaultRule] })
    try {
      return await struckBy()
    } finally {
      await mocks.behave({ faults: [] })
    }
  }
  const minute = 60_000

  it('strikes within what its rule names', async () => {
    expect(await under({})).toEqual([id])
    expect(await under({ providers: ['china-mobile'], operations: ['loginTokenValidate'] })).toEqual([id])
    expect(await under({ fromMs: 0, toMs: minute, ttlMs: minute })).toEqual([id])
  })

  it.each<[string, Partial<FaultScope>]>([
    ['another provider', { providers: ['jiguang'] }],
    ['another operation', { operations: ['tokenValidate'] }],
    ['no share of the tokens', { share: 0 }],
    ['a time that has not come', { fromMs: minute }],
    ['a time that is over', { originMs: Date.now() - 2 * minute, fromMs: 0, toMs: minute }],
    ['a life that is over', { originMs: Date.now() - 2 * minute, ttlMs: minute }],
  ])('leaves calls alone when its rule names %s', async (_what, scope) => {
    expect(await under(scope)).toEqual([undefined])
  })
})
