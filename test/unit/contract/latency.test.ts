import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawLatencyUs, type LatencyProfile, latencyTable, slowestP99Us } from '../../../src/contract/latency.ts'
import { percentilesProblem, recordedQuantiles } from '../../../src/contract/quantile-table.ts'
import { startLatency } from '../../../src/contract/schedule.ts'

const DRAWS = 400_000

function sortedDrawsMs(profile: LatencyProfile, seed: number): number[] {
  const table = latencyTable(profile, seed)
  const draws = new Float64Array(DRAWS)
  for (let i = 0; i < DRAWS; i++) draws[i] = drawLatencyUs(table, i, 0) / 1000
  return [...draws.sort()]
}

const quantiles = (profile: LatencyProfile): number[] => Array.from(latencyTable(profile, 1).quantilesUs)
const at = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * sorted.length)]!

describe('carrier latency', () => {
  it.each([
    { medianMs: 80, p99Ms: 400 },
    { medianMs: 5, p99Ms: 20 },
    { medianMs: 300, p99Ms: 310 },
  ])('has the median and the 99th percentile asked for, within 1 %: $medianMs / $p99Ms ms', ({ medianMs, p99Ms }) => {
    const sorted = sortedDrawsMs({ kind: 'lognormal', medianMs, p99Ms }, 1)
    expect(Math.abs(at(sorted, 0.5) / medianMs - 1)).toBeLessThan(0.01)
    // The p99 of a finite draw wobbles by itself; the table, which is what is drawn from, must hit it within 1 %.
    const table = quantiles({ kind: 'lognormal', medianMs, p99Ms }).sort((a, b) => a - b)
    expect(Math.abs(at(table, 0.99) / 1000 / p99Ms - 1)).toBeLessThan(0.01)
    expect(Math.abs(at(sorted, 0.99) / p99Ms - 1)).toBeLessThan(0.02)
  })

  it('follows the lognormal law between and beyond the two figures it was given', () => {
    const sigma = Math.log(400 / 80) / 2.3263478740408408
    const quantilesUs = quantiles({ kind: 'lognormal', medianMs: 80, p99Ms: 400 })
    // [probability, z]: standard table values.
    const points: [number, number][] = [
      [0.001, -3.0902],
      [0.025, -1.95996],
      [0.25, -0.67449],
      [0.75, 0.67449],
      [0.95, 1.64485],
      [0.999, 3.0902],
    ]
    for (const [p, z] of points) {
      const expectedUs = 80_000 * Math.exp(sigma * z)
      const foundUs = (quantilesUs[Math.round(p * 4096 - 0.5)]! + quantilesUs[Math.round(p * 4096)]!) / 2
      expect(Math.abs(foundUs / expectedUs - 1), `p${p}`).toBeLessThan(0.02)
    }
  })

  it('rises along its table', () => {
    const quantilesUs = quantiles({ kind: 'lognormal', medianMs: 80, p99Ms: 400 })
    expect(quantilesUs).toHaveLength(4096)
    expect(quantilesUs.every((us, i) => i === 0 || us >= quantilesUs[i - 1]!)).toBe(true)
  })

  it('is the same for a token however often and in whatever order it is asked for', () => {
    const profile: LatencyProfile = { kind: 'lognormal', medianMs: 80, p99Ms: 400 }
    const [one, other] = [latencyTable(profile, 9), latencyTable(profile, 9)]
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 50 }), indices => {
        const forward = indices.map(i => drawLatencyUs(one, i, 0))
        const backward = [...indices].reverse().map(i => drawLatencyUs(other, i, 0))
        expect(backward.reverse()).toEqual(forward)
      }),
    )
  })

  it('is a whole number of microseconds', () => {
    const table = quantiles({ kind: 'lognormal', medianMs: 0.7, p99Ms: 3.3 })
    expect(table.every(us => Number.isInteger(us) && us > 0)).toBe(true)
  })

  it('is drawn otherwise under another seed', () => {
    const profile: LatencyProfile = { kind: 'lognormal', medianMs: 80, p99Ms: 400 }
    const [one, other] = [latencyTable(profile, 1), latencyTable(profile, 2)]
    const equal = Array.from({ length: 1_000 }, (_, i) => drawLatencyUs(one, i, 0) === drawLatencyUs(other, i, 0)).filter(Boolean)
    expect(equal.length).toBeLessThan(20)
  })

  it('of neighbouring tokens is unrelated', () => {
    const table = latencyTable({ kind: 'lognormal', medianMs: 80, p99Ms: 400 }, 1)
    const logs = Array.from({ length: 50_000 }, (_, i) => Math.log(drawLatencyUs(table, i, 0)))
    const mean = logs.reduce((a, b) => a + b, 0) / logs.length
    let together = 0
    let apart = 0
    for (let i = 0; i + 1 < logs.length; i++) {
      together += (logs[i]! - mean) * (logs[i + 1]! - mean)
      apart += (logs[i]! - mean) ** 2
    }
    expect(Math.abs(together / apart)).toBeLessThan(0.02)
  })

  it('is exact when fixed', () => {
    const table = latencyTable({ kind: 'fixed', ms: 12.345 }, 1)
    for (const index of [0, 1, 0x8000_0000, 0xffff_ffff]) expect(drawLatencyUs(table, index, 0)).toBe(12_345)
  })

  it('is 0 when there is none', () => {
    const table = latencyTable({ kind: 'none' }, 1)
    for (const index of [0, 1, 0x8000_0000, 0xffff_ffff]) expect(drawLatencyUs(table, index, 0)).toBe(0)
  })
})

describe('a profile of another shape', () => {
  const p = (draws: number[], share: number) => draws[Math.floor(share * draws.length)]!

  it('uniform spreads evenly between its bounds', () => {
    const draws = sortedDrawsMs({ kind: 'uniform', minMs: 10, maxMs: 50 }, 3)
    expect(draws[0]).toBeGreaterThanOrEqual(10)
    expect(draws.at(-1)).toBeLessThanOrEqual(50)
    expect(p(draws, 0.25)).toBeCloseTo(20, 0)
    expect(p(draws, 0.75)).toBeCloseTo(40, 0)
  })

  it('percentiles go through every point given', () => {
    const points = { p50: 40, p95: 200, p99: 900 }
    const draws = sortedDrawsMs({ kind: 'percentiles', points }, 3)
    expect(p(draws, 0.5) / 40).toBeCloseTo(1, 1)
    expect(p(draws, 0.95) / 200).toBeCloseTo(1, 1)
    expect(p(draws, 0.99) / 900).toBeCloseTo(1, 1)
    for (const [i, draw] of draws.entries()) if (i > 0) expect(draw).toBeGreaterThanOrEqual(draws[i - 1]!)
  })

  it('two percentiles are the lognormal through them', () => {
    const one = quantiles({ kind: 'percentiles', points: { p50: 80, p99: 400 } })
    const other = quantiles({ kind: 'lognormal', medianMs: 80, p99Ms: 400 })
    for (let i = 0; i < one.length; i += 64) expect(Math.abs(one[i]! - other[i]!)).toBeLessThanOrEqual(1)
  })

  it('percentiles are cut off at min and max', () => {
    const draws = sortedDrawsMs({ kind: 'percentiles', points: { min: 30, p50: 40, p95: 200, max: 250 } }, 3)
    expect([draws[0], draws.at(-1)]).toEqual([30, 250])
  })

  it('percentiles that descend or are too few are found out', () => {
    expect(percentilesProblem({ p50: 40 })).toMatch('two percentiles')
    expect(percentilesProblem({ p50: 40, max: 90 })).toMatch('two percentiles')
    expect(percentilesProblem({ p50: 40, p95: 30 })).toMatch('p95')
    expect(percentilesProblem({ min: 50, p50: 40, p95: 300 })).toMatch('p50')
    expect(percentilesProblem({ p50: 40, p95: 40 })).toBeUndefined()
  })

  it('a recording is drawn as often as it was measured', () => {
    const quantilesMs = recordedQuantiles([...new Array<number>(90).fill(5), ...new Array<number>(10).fill(500)].reverse())
    const draws = sortedDrawsMs({ kind: 'recorded', quantilesMs }, 3)
    expect(new Set(draws)).toEqual(new Set([5, 500]))
    expect(draws.filter(ms => ms === 500).length / draws.length).toBeCloseTo(0.1, 2)
  })

  it('a long recording is thinned without losing its middle or its tail', () => {
    const kept = recordedQuantiles(Array.from({ length: 100_000 }, (_, i) => i / 100))
    expect(kept).toHaveLength(4096)
    expect(kept[2048]! / 500).toBeCloseTo(1, 2)
    expect(kept.at(-1)! / 1000).toBeCloseTo(1, 3)
  })
})

describe('a schedule', () => {
  const at = (profile: LatencyProfile, atMs: number) => drawLatencyUs(latencyTable(startLatency(profile, 10_000), 1), 7, atMs)

  it('steps from one profile to another at its time, counted from when it was put in force', () => {
    const step: LatencyProfile = { kind: 'step', before: { kind: 'none' }, atMs: 500, after: { kind: 'fixed', ms: 9 } }
    expect([0, 10_499, 10_500, 99_999].map(ms => at(step, ms))).toEqual([0, 0, 9_000, 9_000])
    expect(slowestP99Us(latencyTable(step, 1))).toBe(9_000)
  })

  it('draws the same quantile before and after a step', () => {
    const base = { kind: 'lognormal', medianMs: 80, p99Ms: 400 } as const
    const step: LatencyProfile = { kind: 'step', before: base, atMs: 0, after: base, originMs: 5 }
    const [plain, stepped] = [latencyTable(base, 1), latencyTable(step, 1)]
    for (let i = 0; i < 500; i++) {
      expect([drawLatencyUs(stepped, i, 0), drawLatencyUs(stepped, i, 9)]).toEqual(new Array(2).fill(drawLatencyUs(plain, i, 0)))
    }
  })

  it('browns out by its factor, with ramps inside its bounds', () => {
    const brown: LatencyProfile = {
      kind: 'brown-out',
      base: { kind: 'fixed', ms: 10 },
      factor: 5,
      fromMs: 1000,
      toMs: 3000,
      rampMs: 400,
    }
    const times = [0, 10_999, 11_000, 11_200, 11_400, 12_000, 12_600, 12_800, 12_999, 13_000]
    expect(times.map(ms => at(brown, ms) / 1000)).toEqual([10, 10, 10, 30, 50, 50, 50, 30, 10.1, 10])
    expect(slowestP99Us(latencyTable(brown, 1))).toBe(50_000)
  })

  it('keeps the moment it was stamped with', () => {
    const step: LatencyProfile = { kind: 'step', before: { kind: 'none' }, atMs: 1, after: { kind: 'none' }, originMs: 4 }
    expect(startLatency(step, 99)).toEqual(step)
    expect(startLatency({ kind: 'fixed', ms: 3 }, 99)).toEqual({ kind: 'fixed', ms: 3 })
  })
})
