import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawLatencyUs, type LatencyProfile, latencyTable } from '../../../src/contract/latency.ts'

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
