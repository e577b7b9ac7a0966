import { describe, expect, it } from 'vitest'
import type { Attack } from '../../../src/contract/attack.ts'
import { STEP_OUTCOMES } from '../../../src/contract/flow.ts'
import { selectAttacks } from '../../../src/contract/selection.ts'
import { SERIES_NAMES, seriesMetric, seriesOfMetric } from '../../../src/contract/series.ts'

describe('the metric of a series and outcome', () => {
  it('is read back by its name, and no two share one', () => {
    const names = new Set<string>()
    for (const series of SERIES_NAMES) {
      for (const outcome of STEP_OUTCOMES) {
        const name = seriesMetric(series, outcome)
        expect(name).toMatch(/^ot_[A-Za-z_]+$/)
        expect(seriesOfMetric(name)).toEqual({ series, outcome })
        names.add(name)
      }
    }
    expect(names.size).toBe(SERIES_NAMES.length * STEP_OUTCOMES.length)
  })

  it('is not guessed from a name that is none of ours', () => {
    for (const name of ['http_req_duration', 'ot_oneTap', 'ot_me_carrier-failed', ''])
      expect(seriesOfMetric(name)).toBeUndefined()
  })
})

describe('the attacks a plan asks for', () => {
  const attack = (id: string, family: Attack['meta']['family']): Attack => ({ meta: { id, family } }) as unknown as Attack
  const attacks = [attack('ft-a', 'forged-token'), attack('rp-a', 'replay'), attack('rp-b', 'replay')]
  const select = (include: string[], exclude: string[] = []): string[] =>
    selectAttacks(attacks, { include, exclude }).map(({ meta }) => meta.id)

  it('are named by id, by family or all at once, and keep their order', () => {
    expect(select(['all'])).toEqual(['ft-a', 'rp-a', 'rp-b'])
    expect(select(['replay'])).toEqual(['rp-a', 'rp-b'])
    expect(select(['rp-b', 'ft-a'])).toEqual(['ft-a', 'rp-b'])
  })

  it('lose those that are excluded, whichever way they were named', () => {
    expect(select(['all'], ['replay'])).toEqual(['ft-a'])
    expect(select(['rp-a'], ['rp-a'])).toEqual([])
    expect(select(['all'], ['all'])).toEqual([])
  })

  it('are none for a name nobody has', () => {
    expect(select(['forged'])).toEqual([])
    expect(select([])).toEqual([])
  })
})
