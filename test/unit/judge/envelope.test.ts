import { describe, expect, it } from 'vitest'
import type { Gate, Result, Validity } from '../../../src/contract/result.ts'
import { type Held, heldBy, searchEnvelope } from '../../../src/judge/envelope.ts'

const search = { startPerSecond: 100, leastPerSecond: 1, mostPerSecond: 20_000, precision: 0.04, confirmations: 2 }
const capacity =
  (perSecond: number) =>
  async (rate: number): Promise<Held> =>
    rate <= perSecond ? 'holds' : 'fails'

describe('the search of an envelope', () => {
  it.each([400, 7, 100, 3333, 61.4])('finds a capacity of %d a second within 5 %% from anywhere', async perSecond => {
    for (const startPerSecond of [1, 100, 5000]) {
      const { heldPerSecond, outcome } = await searchEnvelope({ ...search, startPerSecond }, capacity(perSecond))
      expect(outcome).toBe('bracketed')
      expect(heldPerSecond).toBeLessThanOrEqual(perSecond)
      expect(heldPerSecond).toBeGreaterThan(perSecond * 0.95)
    }
  })

  it('begun at the last envelope needs a fraction of the probes', async () => {
    const cold = await searchEnvelope({ ...search, startPerSecond: 10 }, capacity(400))
    const warm = await searchEnvelope({ ...search, startPerSecond: 395 }, capacity(400))
    expect(warm.probes.length).toBeLessThan(cold.probes.length)
  })

  it('is not led astray by one probe that failed by chance', async () => {
    let first = true
    const { heldPerSecond } = await searchEnvelope(search, async rate => {
      if (rate > 380 && rate <= 400 && first) {
        first = false
        return 'fails'
      }
      return capacity(400)(rate)
    })
    expect(heldPerSecond).toBeGreaterThan(380)
  })

  it('says when it ran into the ceiling, the floor or the end of the evidence', async () => {
    expect(await searchEnvelope({ ...search, mostPerSecond: 300 }, capacity(1e9))).toMatchObject({
      outcome: 'ceiling',
      heldPerSecond: 300,
      failedPerSecond: null,
    })
    expect(await searchEnvelope(search, capacity(0))).toMatchObject({ outcome: 'floor', heldPerSecond: null })
    const open = await searchEnvelope(search, async rate => (rate <= 200 ? 'holds' : 'open'))
    expect(open).toMatchObject({ outcome: 'open', heldPerSecond: 150, failedPerSecond: null })
  })
})

describe('what a probe shows', () => {
  const probe = (gate: Gate['outcome'], wrong: string[] = [], ended: Result['ended'] = 'finished') =>
    heldBy({
      ended,
      gates: [{ outcome: gate, unit: 'ms' } as Gate],
      validity: { outcome: 'pass', checks: wrong.map(id => ({ id, outcome: 'inconclusive' })) as Validity['checks'] },
    })

  it('is told by the budgets on valid evidence', () => {
    expect([probe('pass'), probe('fail'), probe('inconclusive')]).toEqual(['holds', 'fails', 'open'])
  })

  it('is that the target cannot take it where visits piled up and the generator was well', () => {
    expect(probe('inconclusive', ['dropped-arrivals', 'achieved-rate'])).toBe('fails')
    expect(probe('inconclusive', ['dropped-arrivals', 'generator-cpu'])).toBe('open')
  })

  it('is nothing when the run was stopped', () => {
    expect(probe('pass', [], 'interrupted')).toBe('open')
  })
})
