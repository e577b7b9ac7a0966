import { describe, expect, it } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import { shapeByName, stretched } from '../../../src/config/named-shape.ts'
import { resolvePlan } from '../../../src/config/resolve-plan.ts'
import { type LoadShape, peakPerSecond, plannedArrivals, ratePerSecondAt, SHAPE_NAMES } from '../../../src/contract/shape.ts'

function planned(shape: object, overrides: object = {}): LoadShape | undefined {
  const config = checkConfig({ target: { start: { command: ['x'] } }, load: { shape } }, 'here')
  return resolvePlan(config, { mode: 'load', ...overrides }, 'run-1').load?.shape
}

describe('a named shape', () => {
  it.each(SHAPE_NAMES)('%s stays known by its name in the plan and lasts as long as asked', name => {
    expect(shapeByName(name, 100, 12_000)).toMatchObject({ name, durationMs: 12_000 })
  })

  it('smoke asks for a handful only, whatever the rate', () => {
    expect(plannedArrivals(shapeByName('smoke', 500, undefined))).toBe(10)
  })

  it('ramp goes up and stays at the top', () => {
    const ramp = planned({ kind: 'ramp', fromPerSecond: 10, ratePerSecond: 50, rampMs: 4000, durationMs: 10_000 })
    if (ramp?.kind !== 'ramping-arrival-rate') throw new Error('not staged')
    expect([0, 2000, 4000, 9999].map(ms => Math.round(ratePerSecondAt(ramp, ms)))).toEqual([10, 30, 50, 50])
  })

  it('spike leaves twice as much time after the peak as before it', () => {
    const spike = planned({ kind: 'spike', ratePerSecond: 10, peakPerSecond: 80, peakMs: 3000, durationMs: 12_000 })
    if (spike?.kind !== 'ramping-arrival-rate') throw new Error('not staged')
    expect([2999, 3000, 5999, 6000, 11_999].map(ms => ratePerSecondAt(spike, ms))).toEqual([10, 80, 80, 10, 10])
  })

  it('breakpoint rises to the end', () => {
    const shape = planned({ kind: 'breakpoint', ratePerSecond: 101, durationMs: 10_000 })
    if (shape?.kind !== 'ramping-arrival-rate') throw new Error('not staged')
    expect(ratePerSecondAt(shape, 5000)).toBe(51)
  })

  it('of stages adds their times up, and refuses none and no load at all', () => {
    const stages = [
      { toPerSecond: 5, durationMs: 1000 },
      { toPerSecond: 0, durationMs: 500 },
    ]
    expect(planned({ kind: 'stages', fromPerSecond: 0, stages })).toMatchObject({
      kind: 'ramping-arrival-rate',
      durationMs: 1500,
    })
    expect(() => planned({ kind: 'stages', fromPerSecond: 0, stages: [{ toPerSecond: 0, durationMs: 2000 }] })).toThrow('above 0')
    expect(() => planned({ kind: 'stages', fromPerSecond: 1, stages: [{ toPerSecond: 1, durationMs: 10 }] })).toThrow('1000 ms')
  })

  it('of the command line replaces the config’s and keeps its highest rate', () => {
    const written = { kind: 'constant', ratePerSecond: 70, durationMs: 9000 }
    expect(planned(written, { shape: 'ramp' })).toMatchObject({ name: 'ramp', durationMs: 60_000 })
    expect(peakPerSecond(planned(written, { shape: 'ramp' }) as LoadShape)).toBe(70)
    expect(planned(written, { shape: 'spike', ratePerSecond: 5, durationMs: 8000 })).toMatchObject({
      fromPerSecond: 5,
      durationMs: 8000,
    })
  })
})

describe('a shape of stages under --rate and --duration', () => {
  it('keeps its form: the peak and the whole length are those asked for', () => {
    const shape = shapeByName('spike', 10, 12_000)
    const changed = stretched(shape, { ratePerSecond: 400, durationMs: 24_000 })
    expect(peakPerSecond(changed)).toBe(400)
    expect(changed).toMatchObject({ durationMs: 24_000, fromPerSecond: 100, name: 'spike' })
    expect(stretched(shape, {})).toEqual(shape)
  })
})
